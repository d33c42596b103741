package catalogue

import (
	"fmt"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/provisioning/settings"
)

// Check returns the problems of a value as written for a parameter: out of
// range, too long, blanks in a list, obsolete. An unknown parameter has no
// problems. The messages hold no value of a secret.
func (c *Catalogue) Check(name, value string) ctikit.Problems {
	p, ok := c.byName[strings.ToUpper(name)]
	if !ok {
		return nil
	}
	var problems ctikit.Problems
	severity := ctikit.SeverityError
	if p.Confidence != Verified {
		severity = ctikit.SeverityWarning
	}
	report := func(code settings.Code, severity ctikit.Severity, format string, args ...any) {
		message := p.Name + " " + fmt.Sprintf(format, args...)
		problems = append(problems, ctikit.Problem{Severity: severity, Code: code, Message: message})
	}
	if p.ReplacedBy != "" {
		report(settings.ObsoleteParameter, ctikit.SeverityInfo, "is obsolete; use %s", p.ReplacedBy)
	}
	text := settings.Unquote(value)
	if text == "" || strings.Contains(text, "$") {
		return problems // back to the default, or unknown before a telephone reads it
	}
	if n := utf8.RuneCountInString(text); p.MaxLength > 0 && n > p.MaxLength {
		report(settings.TooLong, severity, "has %d characters, at most %d", n, p.MaxLength)
	}
	if p.isList() && value == text && value[0] != '"' && strings.Contains(value, ", ") {
		report(settings.ListWithSpaces, severity, "is a list without blanks")
	}
	if why := p.valueProblem(value, text); why != "" {
		report(settings.OutOfRange, severity, "%s", why)
	}
	return problems
}

func (p *Parameter) isList() bool {
	switch p.Kind {
	case List, ChoiceList, NumberList, DialList, Servers, HostMap:
		return true
	}
	return false
}

var (
	dialString = regexp.MustCompile(`^[0-9*#+]+$`)
	isoCode    = regexp.MustCompile(`^[a-z]{2}_[A-Z]{2}$`)
	dnsName    = regexp.MustCompile(`^[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?$`)
)

// valueProblem says why a value cannot be, "" where it can.
func (p *Parameter) valueProblem(value, text string) string {
	switch p.Kind {
	case Integer:
		return p.numberProblem(text)
	case Choice:
		return p.choiceProblem(text)
	case Dial:
		if !dialString.MatchString(text) {
			return "takes digits, * and # only"
		}
	case URL:
		if u, err := url.Parse(text); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			return "takes an http or https address"
		}
	case Language:
		if !isoCode.MatchString(text) {
			return "takes a code like en_GB"
		}
	case ChoiceList, NumberList, DialList, Servers, HostMap:
		return p.itemsProblem(settings.SplitList(value))
	}
	return ""
}

func (p *Parameter) numberProblem(text string) string {
	n, err := strconv.Atoi(text)
	switch {
	case err != nil:
		return "takes an integer"
	case (p.Min != 0 || p.Max != 0) && (n < p.Min || n > p.Max):
		return fmt.Sprintf("takes %d to %d", p.Min, p.Max)
	}
	return ""
}

func (p *Parameter) choiceProblem(text string) string {
	if len(p.Allowed) == 0 || slices.ContainsFunc(p.Allowed, func(a string) bool { return strings.EqualFold(a, text) }) {
		return ""
	}
	return "takes one of " + strings.Join(p.Allowed, ", ")
}

func (p *Parameter) itemsProblem(items []string) string {
	if p.MaxItems > 0 && len(items) > p.MaxItems {
		return fmt.Sprintf("takes at most %d values", p.MaxItems)
	}
	for _, item := range items {
		why := ""
		switch item = strings.TrimSpace(item); {
		case p.Kind == ChoiceList:
			why = p.choiceProblem(item)
		case p.Kind == NumberList:
			why = p.numberProblem(item)
		case p.Kind == DialList && !dialString.MatchString(item):
			why = "takes telephone numbers"
		case p.Kind == Servers:
			why = serverProblem(item)
		case p.Kind == HostMap:
			name, addr, ok := strings.Cut(item, "=")
			if _, err := netip.ParseAddr(addr); !ok || err != nil || !dnsName.MatchString(name) {
				why = "takes name=address pairs"
			}
		}
		if why != "" {
			return why
		}
	}
	return ""
}

// serverProblem checks host[:port][;transport=x] (template of 22 July 2022,
// SIP_CONTROLLER_LIST; IPv6 addresses in brackets).
func serverProblem(s string) string {
	host, transport, has := strings.Cut(s, ";transport=")
	if has && !slices.Contains([]string{"tls", "tcp", "udp", "auto"}, strings.ToLower(transport)) {
		return "takes the transports tls, tcp, udp and auto"
	}
	if rest, ok := strings.CutPrefix(host, "["); ok {
		addr, port, ok := strings.Cut(rest, "]")
		if _, err := netip.ParseAddr(addr); !ok || err != nil {
			return "takes IPv6 addresses in brackets"
		}
		host = "v6" + port
	}
	name, port, has := strings.Cut(host, ":")
	if n, err := strconv.Atoi(port); has && (err != nil || n < 1 || n > 65535) {
		return "takes ports from 1 to 65535"
	}
	if !dnsName.MatchString(name) {
		return "takes host[:port][;transport=tls|tcp|udp|auto], comma-separated"
	}
	return ""
}
