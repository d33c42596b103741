package ipoffice

import (
	"fmt"
	"net/netip"
	"regexp"
	"strconv"
	"strings"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/provisioning"
)

// Limits of SET_CDNL (notes ch. 3), in characters.
const (
	maxCDNLEntry = 63  // one source number, "SET_CDNL=" included
	maxCDNLList  = 127 // the list that all of them make
)

// effects are what the source numbers change in the file.
type effects struct {
	release     provisioning.Version
	system      provisioning.System
	matchDigits int      // 0: not given
	cdnl        []string // numbers for the native dialler
	cdnlOff     bool
	telephones  []Setting         // for telephones, and of the site's own rules
	registrar   string            // public SIP address, for remote requesters
	ports       map[string]string // public port of each transport
	files       string            // public file server, for remote requesters
}

// applySources applies the source numbers in their order and reports every problem.
func (c *Config) applySources() (*effects, error) {
	e := &effects{release: c.Release, system: c.System, ports: map[string]string{}}
	var ps ctikit.Problems
	for i, s := range c.Sources() {
		for _, apply := range c.sourceEffects(s.Name) {
			if err := apply(e, s); err != nil {
				ps.Add(fmt.Sprintf("sourceNumbers[%d]", i), "%s: %w", s.Name, err)
			}
		}
	}
	if e.cdnlOff && len(e.cdnl) > 0 {
		ps.Add("sourceNumbers", "SET_CDNL=DISABLED contradicts the numbers of other SET_CDNL")
	}
	if n := len(quotedList(e.cdnl)); n > maxCDNLList {
		ps.Add("sourceNumbers", "SET_CDNL: the list must be at most %d characters, got %d", maxCDNLList, n)
	}
	return e, ps.Err()
}

// sourceEffects returns what a source number does: the site's rules add to the known ones.
func (c *Config) sourceEffects(name string) (out []func(*effects, SourceNumber) error) {
	for _, k := range known {
		if k.Name == name {
			out = append(out, k.apply)
		}
	}
	for _, r := range c.SourceRules {
		if r.Name == name {
			out = append(out, setParameter(r.Parameter))
		}
	}
	return out
}

// setParameter is SET parameter value.
func setParameter(parameter string) func(*effects, SourceNumber) error {
	return func(e *effects, s SourceNumber) error {
		e.telephones = append(e.telephones, Setting{parameter, s.Value})
		return nil
	}
}

func setHeadsys(e *effects, _ SourceNumber) error {
	e.telephones = append(e.telephones, Setting{"HEADSYS", "1"})
	return nil
}

func (e *effects) setMatchDigits(s SourceNumber) error {
	n, err := strconv.Atoi(s.Value)
	if err != nil || n < 1 || n > 32 {
		return fmt.Errorf("must be between 1 and 32, got %.80q", s.Value)
	}
	e.matchDigits = n
	return nil
}

// cdnlNumbers is "n","n",...: each number in quotes, commas between them.
var cdnlNumbers = regexp.MustCompile(`^"[0-9*#+]+"(,"[0-9*#+]+")*$`)

func (e *effects) addCellularDirect(s SourceNumber) error {
	if err := provisioning.CellularDirect.Check(e.release, e.system); err != nil {
		return err
	}
	switch n := len(s.Name) + len("=") + len(s.Value); {
	case n > maxCDNLEntry:
		return fmt.Errorf("must be at most %d characters, got %d", maxCDNLEntry, n)
	case s.Value == "DISABLED":
		e.cdnlOff = true
	case !cdnlNumbers.MatchString(s.Value):
		return fmt.Errorf(`must be DISABLED or numbers like "911","9911", got %.80q`, s.Value)
	default:
		e.cdnl = append(e.cdnl, strings.Split(strings.Trim(s.Value, `"`), `","`)...)
	}
	return nil
}

func quotedList(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return `"` + strings.Join(list, `","`) + `"`
}

func (e *effects) setRemoteRegistrar(s SourceNumber) error {
	e.registrar = s.Value
	return checkHost(s.Value)
}

func (e *effects) setRemoteFiles(s SourceNumber) error {
	e.files = s.Value
	return checkHost(s.Value)
}

func checkHost(s string) error {
	if !isValidHost(s) {
		return fmt.Errorf("must be an IPv4 address or a host name, got %.80q", s)
	}
	return nil
}

func (*effects) checkRemoteSource(s SourceNumber) error {
	if _, err := netip.ParseAddr(s.Value); err != nil {
		return fmt.Errorf("must be an IP address, got %.80q", s.Value)
	}
	return nil // see IsRemote
}

func setRemotePort(transport string) func(*effects, SourceNumber) error {
	return func(e *effects, s SourceNumber) error {
		if n, err := strconv.Atoi(s.Value); err != nil || n < 1 || n > 65535 {
			return fmt.Errorf("must be a port, got %.80q", s.Value)
		}
		e.ports[transport] = s.Value
		return nil
	}
}

// remoteController is the SIP_CONTROLLER_LIST for requesters behind a border controller:
// its public address, with the public port of the system's own transport where
// one is given, else of the first transport that has one.
func (e *effects) remoteController(sip SIP) string {
	for _, transport := range []string{sip.Transport, "tls", "tcp", "udp"} {
		if port, ok := e.ports[transport]; ok {
			return e.registrar + ":" + port + ";transport=" + transport
		}
	}
	return e.registrar + ":" + strconv.Itoa(sip.Port) + ";transport=" + sip.Transport
}

// IsRemote reports whether requests from an address come through the border
// controller that the source number RW_SBC_PROV names.
func (c *Config) IsRemote(from netip.Addr) bool {
	for _, s := range c.Sources() {
		if s.Name != "RW_SBC_PROV" {
			continue
		}
		if addr, err := netip.ParseAddr(s.Value); err == nil && addr.Unmap() == from.Unmap() {
			return true
		}
	}
	return false
}
