package workplace

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/ctikit/ctikit"
)

// Firewall writes the rows as an nftables table: chain "from_clients" accepts
// what comes in, "to_clients" what goes out. Rows for a host by name are
// comments, since nftables has no names; notes ch. 2 advises against addresses.
// table is the name of the nftables table. Rows that nftables would not read, or
// would read as something else, are refused, all at once.
func Firewall(w io.Writer, table string, ports []Port) error {
	ps := checkPorts(ports)
	if !isIdentifier(table) {
		ps.Add("table", "must be letters, digits and _, got %.80q", table)
	}
	if err := ps.Err(); err != nil {
		return err
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
			fmt.Fprintf(&b, "\t\t%s dport %s accept comment \"%s\"\n", p.Transport, p.Range(), p.ruleComment())
		}
		b.WriteString("\t}\n")
	}
	chain("from_clients", Inbound)
	chain("to_clients", Outbound)
	b.WriteString("}\n")
	_, err := io.WriteString(w, b.String())
	return err
}

func (p Port) ruleComment() string { return p.Protocol + ": " + p.Purpose }

// maxComment is the longest comment that nftables keeps, in bytes.
const maxComment = 127

func checkPorts(ports []Port) (ps ctikit.Problems) {
	isUnsafe := func(r rune) bool { return r < ' ' || r == 0x7F || r == '"' || r == '\\' }
	for i, p := range ports {
		path := fmt.Sprintf("ports[%d]", i)
		switch {
		case p.Low < 1 || p.High < p.Low || p.High > 65535:
			ps.Add(path, "must be between 1 and 65535, got %s", p.Range())
		case p.Transport != "tcp" && p.Transport != "udp":
			ps.Add(path+".transport", "must be tcp or udp, got %.20q", p.Transport)
		case p.Direction != Inbound && p.Direction != Outbound && p.Direction != BothWays:
			ps.Add(path+".direction", "unknown direction %.20q", p.Direction)
		case len(p.ruleComment()) > maxComment:
			ps.Add(path+".purpose", "must be at most %d bytes with the protocol, got %d", maxComment, len(p.ruleComment()))
		case strings.ContainsFunc(p.ruleComment()+p.Host, isUnsafe):
			ps.Add(path, "protocol, purpose and host must not contain a quote, a backslash or a control character")
		}
	}
	return ps
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
	if err := checkPorts(ports).Err(); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	if err := out.Write([]string{"ports", "direction", "transport", "protocol", "host", "purpose"}); err != nil {
		return err
	}
	for _, p := range ports {
		row := []string{p.Range(), string(p.Direction), p.Transport, p.Protocol, p.Host, p.Purpose}
		if err := out.Write(row); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}
