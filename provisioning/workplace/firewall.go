package workplace

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// Firewall writes the rows as an nftables table: chain "from_clients" accepts
// what comes in, "to_clients" what goes out. Rows for a host by name are
// comments, since nftables has no names; notes ch. 2 advises against addresses.
// table is the name of the nftables table.
func Firewall(w io.Writer, table string, ports []Port) error {
	if !isIdentifier(table) {
		return fmt.Errorf("workplace: %q is not a name of an nftables table", table)
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
			fmt.Fprintf(&b, "\t\t%s dport %s accept comment %q\n", p.Transport, p.Range(), p.Protocol+": "+p.Purpose)
		}
		b.WriteString("\t}\n")
	}
	chain("from_clients", Inbound)
	chain("to_clients", Outbound)
	b.WriteString("}\n")
	_, err := io.WriteString(w, b.String())
	return err
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

// WritePorts writes the rows as CSV with a header.
func WritePorts(w io.Writer, ports []Port) error {
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
