package workplace

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// Firewall writes the rows as an nftables table: chain "from_clients" accepts
// what comes in, "to_clients" what goes out. Rows for a host by name are
// comments, since nftables has no names; notes ch. 2 advises against addresses.
// table is the name of the nftables table. Rows that nftables would not read, or
// would read as something else, are refused, all at once.
func Firewall(w io.Writer, table string, ports []Port) error {
	var mistakes []error
	if !isIdentifier(table) {
		mistakes = append(mistakes, fmt.Errorf("%q is not a name of an nftables table", table))
	}
	mistakes = append(mistakes, checkPorts(ports)...)
	if len(mistakes) > 0 {
		return fmt.Errorf("workplace: %w", errors.Join(mistakes...))
	}
	var b strings.Builder
	fmt.Fprintf(&b, "table inet %s {\n", table)
	chain := func(name string, want Direction) {
		fmt.Fprintf(&b, "\tchain %s {\n", name)
		for _, p := range ports {
			if p.Direction != want && p.Direction != BothWays {
				continue
			}
			if p.Host != "" {
				fmt.Fprintf(&b, "\t\t# %s dport %s to %s: %s\n", p.Transport, p.Range(), p.Host, p.Purpose)
				continue
			}
			fmt.Fprintf(&b, "\t\t%s dport %s accept comment \"%s\"\n", p.Transport, p.Range(), p.comment())
		}
		b.WriteString("\t}\n")
	}
	chain("from_clients", Inbound)
	chain("to_clients", Outbound)
	b.WriteString("}\n")
	_, err := io.WriteString(w, b.String())
	return err
}

func (p Port) comment() string { return p.Protocol + ": " + p.Purpose }

// maxComment is the longest comment that nftables keeps, in bytes.
const maxComment = 127

func checkPorts(ports []Port) (mistakes []error) {
	for i, p := range ports {
		if err := p.check(); err != nil {
			mistakes = append(mistakes, fmt.Errorf("ports[%d]: %w", i, err))
		}
	}
	return mistakes
}

func (p Port) check() error {
	switch {
	case p.Low < 1 || p.High < p.Low || p.High > 65535:
		return fmt.Errorf("%s are not ports", p.Range())
	case p.Transport != "tcp" && p.Transport != "udp":
		return fmt.Errorf("transport %.20q is not tcp or udp", p.Transport)
	case p.Direction != Inbound && p.Direction != Outbound && p.Direction != BothWays:
		return fmt.Errorf("no direction %.20q", p.Direction)
	case len(p.comment()) > maxComment:
		return fmt.Errorf("protocol and purpose have more than %d bytes", maxComment)
	}
	for _, text := range []string{p.comment(), p.Host} {
		if strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r == 0x7F || r == '"' || r == '\\' }) {
			return errors.New("a quote, a backslash or a control character in protocol, purpose or host")
		}
	}
	return nil
}

func isIdentifier(s string) bool {
	for i, r := range s {
		letter := 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || r == '_'
		if !letter && (i == 0 || r < '0' || r > '9') {
			return false
		}
	}
	return s != ""
}

// Range returns "5061" or "40750-50750".
func (p Port) Range() string {
	if p.Low == p.High {
		return strconv.Itoa(p.Low)
	}
	return strconv.Itoa(p.Low) + "-" + strconv.Itoa(p.High)
}

// WritePorts writes the rows as CSV with a header; it refuses the rows that
// [Firewall] does.
func WritePorts(w io.Writer, ports []Port) error {
	if mistakes := checkPorts(ports); len(mistakes) > 0 {
		return fmt.Errorf("workplace: %w", errors.Join(mistakes...))
	}
	out := csv.NewWriter(w)
	if err := out.Write([]string{"ports", "direction", "transport", "protocol", "host", "purpose"}); err != nil {
		return err
	}
	for _, p := range ports {
		if err := out.Write([]string{p.Range(), string(p.Direction), p.Transport, p.Protocol, p.Host, p.Purpose}); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}
