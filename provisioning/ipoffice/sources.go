package ipoffice

import (
	"errors"
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/ctikit/ctikit/provisioning"
)

// Limits of SET_CDNL (notes ch. 3), in characters.
const (
	maxCDNLEntry = 63  // one source number, "SET_CDNL=" included
	maxCDNLList  = 127 // the list that all of them make
)

// SourceRule makes a source number NAME=value into SET Parameter value.
type SourceRule struct {
	Name      string `json:"name"`
	Parameter string `json:"parameter"`
}

// Confidence tells how sure a fact is.
type Confidence string

// Stated facts stand in a manual; Reported ones are told by installers.
const (
	Stated   Confidence = "stated"
	Reported Confidence = "reported"
	Unknown  Confidence = "unknown"
)

// SourceNumber is one NoUser source number, taken apart.
type SourceNumber struct {
	Name  string // before "="
	Value string // after it
	// Meaning says what it does; "" for one that is not known, which is kept and
	// has no effect on the generated file.
	Meaning    string
	Confidence Confidence
	// Remote: it changes values for remote requesters only.
	Remote bool
}

// known are the source numbers that this package understands.
var known = []SourceNumber{
	{Name: "EQNX_CONTACT_MATCHING_MIN_DIGITS", Meaning: "digits compared when callers are matched with contacts", Confidence: Stated},
	{Name: "SET_CDNL", Meaning: "numbers that mobile clients leave to the native dialler", Confidence: Stated},
	{Name: "SET_HEADSYS_1", Meaning: "headset stays on after the far end hangs up", Confidence: Reported},
	{Name: "SET_46xx_PROCPSWD", Meaning: "craft password of H.323 telephones", Confidence: Reported},
	{Name: "SET_96xx_SIG", Meaning: "signalling of 96xx telephones", Confidence: Reported},
	{Name: "SET_ADMINPSWD", Meaning: "administration password of telephones", Confidence: Reported},
	{Name: "RW_SBC_REG", Meaning: "public SIP address of the border controller", Confidence: Reported, Remote: true},
	{Name: "RW_SBC_PROV", Meaning: "address from which the border controller fetches files", Confidence: Reported, Remote: true},
	{Name: "RW_SBC_TLS", Meaning: "public TLS port of the border controller", Confidence: Reported, Remote: true},
	{Name: "RW_SBC_TCP", Meaning: "public TCP port of the border controller", Confidence: Reported, Remote: true},
	{Name: "RW_SBC_UDP", Meaning: "public UDP port of the border controller", Confidence: Reported, Remote: true},
	{Name: "PUBLIC_HTTP", Meaning: "public address of the file server", Confidence: Reported, Remote: true},
}

// simple are the source numbers that set one parameter to their value.
var simple = []SourceRule{
	{"SET_46xx_PROCPSWD", "PROCPSWD"},
	{"SET_96xx_SIG", "SIG"},
	{"SET_ADMINPSWD", "ADMIN_PASSWORD"},
}

// Sources returns the configured source numbers taken apart, those that are not
// known included.
func (c *Config) Sources() []SourceNumber {
	out := make([]SourceNumber, len(c.SourceNumbers))
	for i, entry := range c.SourceNumbers {
		name, value, _ := strings.Cut(strings.TrimSpace(entry), "=")
		out[i] = SourceNumber{Name: name, Value: value, Confidence: Unknown}
		for _, k := range known {
			if k.Name == name {
				k.Value = value
				out[i] = k
			}
		}
		for _, r := range c.SourceRules {
			if r.Name == name {
				out[i].Meaning, out[i].Confidence = "sets "+r.Parameter, Stated
			}
		}
	}
	return out
}

// effects are what the source numbers change in the file.
type effects struct {
	matchDigits int      // 0: not given
	cdnl        []string // numbers for the native dialler
	cdnlOff     bool
	telephones  []SourceRule // parameter in Name, value in Parameter
	registrar   string       // host:port;transport=x for remote requesters
	files       string       // host of the file server for remote requesters
	border      netip.Addr   // requests from here are remote
}

func (c *Config) sources(req Requester) (effects, error) {
	var e effects
	var errs []error
	ports := map[string]string{}
	rules := slices.Concat(simple, c.SourceRules)
	for i, s := range c.Sources() {
		path := fmt.Sprintf("sourceNumbers[%d]", i)
		fail := func(format string, args ...any) {
			errs = append(errs, fmt.Errorf("%s: %s: %s: %w", path, s.Name, fmt.Sprintf(format, args...), ErrInvalid))
		}
		switch s.Name {
		case "EQNX_CONTACT_MATCHING_MIN_DIGITS":
			n, err := strconv.Atoi(s.Value)
			if err != nil || n < 1 || n > 32 {
				fail("%q is not a number of digits", s.Value)
			}
			e.matchDigits = n
		case "SET_CDNL":
			if err := provisioning.CellularDirect.Check(c.Release, c.System); err != nil {
				errs = append(errs, fmt.Errorf("%s: %w", path, err))
			}
			e.cdnlEntry(c.SourceNumbers[i], s.Value, fail)
		case "SET_HEADSYS_1":
			e.telephones = append(e.telephones, SourceRule{"HEADSYS", "1"})
		case "RW_SBC_REG":
			e.registrar = s.Value
			if !validHost(s.Value) {
				fail("%q is not an address", s.Value)
			}
		case "PUBLIC_HTTP":
			e.files = s.Value
			if !validHost(s.Value) {
				fail("%q is not an address", s.Value)
			}
		case "RW_SBC_PROV":
			addr, err := netip.ParseAddr(s.Value)
			if err != nil {
				fail("%q is not an address", s.Value)
			}
			e.border = addr.Unmap()
		case "RW_SBC_TLS", "RW_SBC_TCP", "RW_SBC_UDP":
			if n, err := strconv.Atoi(s.Value); err != nil || n < 1 || n > 65535 {
				fail("%q is not a port", s.Value)
			}
			ports[strings.ToLower(strings.TrimPrefix(s.Name, "RW_SBC_"))] = s.Value
		default:
			for _, r := range rules {
				if r.Name == s.Name {
					e.telephones = append(e.telephones, SourceRule{r.Parameter, s.Value})
				}
			}
		}
	}
	if e.cdnlOff && len(e.cdnl) > 0 {
		errs = append(errs, fmt.Errorf("sourceNumbers: SET_CDNL=DISABLED contradicts the numbers of other SET_CDNL: %w", ErrInvalid))
	}
	if n := len(quotedList(e.cdnl)); n > maxCDNLList {
		errs = append(errs, fmt.Errorf("sourceNumbers: SET_CDNL: the list has %d characters, at most %d: %w", n, maxCDNLList, ErrInvalid))
	}
	if e.registrar != "" {
		e.registrar = remoteController(e.registrar, ports, c.SIP)
	}
	if !req.Remote {
		e.registrar, e.files = "", ""
	}
	return e, errors.Join(errs...)
}

// cdnlNumbers is "n","n",...: each number in quotes, commas between them.
var cdnlNumbers = regexp.MustCompile(`^"[0-9*#+]+"(,"[0-9*#+]+")*$`)

func (e *effects) cdnlEntry(entry, value string, fail func(string, ...any)) {
	switch {
	case len(entry) > maxCDNLEntry:
		fail("%d characters, at most %d", len(entry), maxCDNLEntry)
	case value == "DISABLED":
		e.cdnlOff = true
	case !cdnlNumbers.MatchString(value):
		fail(`%q is not DISABLED and not like "911","9911"`, value)
	default:
		e.cdnl = append(e.cdnl, strings.Split(strings.Trim(value, `"`), `","`)...)
	}
}

func quotedList(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return `"` + strings.Join(list, `","`) + `"`
}

// remoteController is the SIP_CONTROLLER_LIST for requesters behind a border
// controller: its public address, the public port of the system's own transport
// where one is given, else of the transport that has one.
func remoteController(host string, ports map[string]string, sip SIP) string {
	for _, transport := range []string{sip.Transport, "tls", "tcp", "udp"} {
		if port, ok := ports[transport]; ok {
			return host + ":" + port + ";transport=" + transport
		}
	}
	return fmt.Sprintf("%s:%d;transport=%s", host, sip.Port, sip.Transport)
}
