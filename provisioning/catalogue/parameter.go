package catalogue

import (
	"maps"
	"slices"
	"strings"
)

// Kind is what the values of a parameter look like.
type Kind string

// The kinds. A value in double quotes is the text between them; the empty value
// is allowed everywhere: it brings the default back.
const (
	Text       Kind = "text"        // up to MaxLength characters
	Integer    Kind = "integer"     // Min to Max
	Choice     Kind = "choice"      // one of Allowed
	List       Kind = "list"        // of texts, comma-separated, up to MaxLength characters
	ChoiceList Kind = "choice list" // of values in Allowed, at most MaxItems
	NumberList Kind = "number list" // of integers from Min to Max
	Dial       Kind = "dial string" // digits, * and #, up to MaxLength
	DialList   Kind = "dial list"   // of dial strings, comma-separated
	URL        Kind = "url"         // http or https
	Language   Kind = "language"    // ll_CC
	Servers    Kind = "servers"     // host[:port][;transport=tls|tcp|udp|auto],...
	HostMap    Kind = "host map"    // name=address,...
)

// Confidence says how sure an entry is.
type Confidence string

// Verified entries are stated by a manual; Observed ones were seen in a real
// file, their range is inferred; Extracted ones were read from prose by [Parse].
const (
	Verified  Confidence = "verified"
	Observed  Confidence = "observed"
	Extracted Confidence = "extracted"
)

// Parameter is one parameter.
type Parameter struct {
	Name        string
	Description string
	Kind        Kind
	// Min and Max bound integers; both 0 where the range is unknown.
	Min, Max int
	// Allowed are the values of a choice; nil where they are unknown.
	Allowed   []string
	MaxLength int // 0: unknown
	MaxItems  int // 0: unknown
	// Default is the default value; DefaultKnown reports whether it is known.
	Default      string
	DefaultKnown bool
	// Models are the values of MODEL4 that use the parameter; nil: unknown.
	Models []string
	// Since is the first version of the Workplace client, "" where unknown.
	Since string
	// Platforms is what the template says about support, line by line.
	Platforms []string
	// Examples are the values that the template shows.
	Examples []string
	// AddOnly: the template shows it with ADD only.
	AddOnly bool
	// Secret: the value is a password.
	Secret bool
	// ReplacedBy is the parameter that has taken its place.
	ReplacedBy string
	Confidence Confidence
}

// Catalogue is a set of parameters. It is immutable and may be used concurrently.
type Catalogue struct {
	byName map[string]*Parameter
	names  []string // sorted
}

func newCatalogue(parameters []*Parameter) *Catalogue {
	c := &Catalogue{byName: make(map[string]*Parameter, len(parameters))}
	for _, p := range parameters {
		c.byName[p.Name] = p
	}
	c.names = slices.Sorted(maps.Keys(c.byName))
	return c
}

// Join returns the parameters of several catalogues; the first that has a
// parameter counts.
func Join(catalogues ...*Catalogue) *Catalogue {
	var all []*Parameter
	for _, c := range slices.Backward(catalogues) {
		for _, name := range c.names {
			all = append(all, c.byName[name])
		}
	}
	return newCatalogue(all)
}

// Names returns the names of the parameters, sorted.
func (c *Catalogue) Names() []string { return slices.Clone(c.names) }

// Lookup returns a parameter by its name, in any case.
func (c *Catalogue) Lookup(name string) (Parameter, bool) {
	p, ok := c.byName[strings.ToUpper(name)]
	if !ok {
		return Parameter{}, false
	}
	return *p, true
}

// Supports reports whether a model uses a parameter, true where that is unknown.
func (c *Catalogue) Supports(name, model string) bool {
	p, ok := c.byName[strings.ToUpper(name)]
	return !ok || p.Models == nil || slices.Contains(p.Models, model)
}

// IsSecret reports whether the value of a parameter is a password.
func (c *Catalogue) IsSecret(name string) bool {
	name = strings.ToUpper(name)
	if p, ok := c.byName[name]; ok && p.Secret {
		return true
	}
	return isSecret(name)
}

// Nearest reports whether a parameter is known; if not, the known name with the
// same first letter that differs in at most two letters.
func (c *Catalogue) Nearest(name string) (nearest string, known bool) {
	name = strings.ToUpper(name)
	if _, ok := c.byName[name]; ok {
		return name, true
	}
	if len(name) < 4 {
		return "", false
	}
	best := 3
	from, _ := slices.BinarySearch(c.names, name[:1])
	for _, candidate := range c.names[from:] {
		if candidate[0] != name[0] {
			break
		}
		if diff := len(candidate) - len(name); diff < best && -diff < best {
			if d := editDistance(name, candidate, best); d < best {
				best, nearest = d, candidate
			}
		}
	}
	return nearest, false
}

// editDistance is the number of letters to insert, remove or replace, at most limit.
func editDistance(a, b string, limit int) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		corner, least := row[0], i
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := corner
			if a[i-1] != b[j-1] {
				cost++
			}
			corner = row[j]
			row[j] = min(cost, row[j]+1, row[j-1]+1)
			least = min(least, row[j])
		}
		if least >= limit {
			return limit
		}
	}
	return min(row[len(b)], limit)
}

// secrets are the parameters that hold passwords. Names alone do not decide:
// PRESERVE_LOGIN_PASSWORD and PKCS12_PASSWD_RETRY are switches.
var secrets = []string{
	"ACSPASSWORD", "ADMIN_PASSWORD", "CESPASSWORD", "DEBUG_REPORT_PASSWORD", "DIRPASSWORD", "ESMPASSWORD",
	"EWSPASSWORD", "FORCE_HTTP_AUTH_PASSWORD", "FORCE_SIP_PASSWORD", "FORCE_WEB_ADMIN_PASSWORD",
	"FORCE_XSI_WEB_PASSWORD", "HTTP_AUTH_PASSWORD", "NVIKEPSK", "PHONE_LOCK_PIN", "PKCS12PASSWORD", "PROCPSWD",
	"SCEPPASSWORD", "SIPHA1", "SIPPASSWORD", "SNMPSTRING", "SSOPASSWORD", "UNIFIED_PORTAL_PASSWORD",
	"WEP_DEFAULT_KEY", "WLAN_PASSWORD",
}

func isSecret(name string) bool {
	_, found := slices.BinarySearch(secrets, name)
	return found || strings.HasPrefix(name, "SCA") && strings.HasSuffix(name, "_PASSWORD")
}
