package directory

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/ctikit/ctikit"
)

// Field is a field of a user or contact that an import can fill.
type Field string

// The fields. Any other private field is "attr:NAME".
const (
	FieldLogin        Field = "login"        // users only
	FieldFirstName    Field = "firstName"    //
	FieldLastName     Field = "lastName"     //
	FieldDisplayName  Field = "displayName"  // contacts only
	FieldOrganisation Field = "organisation" // contacts only
	FieldEmail        Field = "email"        //
	FieldIP           Field = "ip"           // users only
	FieldCulture      Field = "culture"      // users only
	FieldDisabled     Field = "disabled"     // users only; see Rule.Mask
	FieldExtension    Field = "extension"    // users: extensions; contacts: internal numbers
	FieldSite         Field = "site"         // users only: Site.Cluster of the extensions
	FieldWork         Field = "work"         // numbers
	FieldMobile       Field = "mobile"       //
	FieldHome         Field = "home"         //
	FieldFax          Field = "fax"          // not a number that makes an entry worth importing
	FieldOther        Field = "other"        //
)

const attrPrefix = "attr:"

// single are the fields that take one value; the others take all values of all
// the attributes they come from.
var single = []Field{FieldLogin, FieldFirstName, FieldLastName, FieldDisplayName, FieldOrganisation,
	FieldEmail, FieldIP, FieldCulture, FieldDisabled, FieldSite}

var several = []Field{FieldExtension, FieldWork, FieldMobile, FieldHome, FieldFax, FieldOther}

// Rule fills one field.
type Rule struct {
	Field Field `json:"field"`
	// From names attributes or columns. A field of one value takes the first
	// that is not empty; numbers take all.
	From []string `json:"from,omitempty"`
	// Template is used instead of From: "{givenName} {sn}". Braces hold
	// attribute names; an absent attribute is empty. Values are data: nothing in
	// them is expanded again.
	Template string `json:"template,omitempty"`
	// Mask, for FieldDisabled, holds the bits of an integer that mean disabled: 2
	// for Active Directory's userAccountControl ([MS-ADTS] 2.2.16). Without a
	// mask "true", "yes", "1" and "disabled" do.
	Mask int64 `json:"mask,omitempty"`
	// Invert turns an "enabled" attribute into FieldDisabled.
	Invert bool `json:"invert,omitempty"`
}

// Mapping fills the fields of users or contacts from the attributes of entries.
type Mapping []Rule

// attributeName is an attribute description of RFC 4512 2.5, and generously any
// column name without braces: a name never reaches a filter or a query.
var attributeName = regexp.MustCompile(`^[\pL\pN][\pL\pN _.;:/-]{0,127}$`)

var placeholder = regexp.MustCompile(`\{([^{}]*)\}`)

func (m Mapping) addRuleProblems(ps *ctikit.Problems, path string) {
	if len(m) == 0 {
		ps.Add(path, "missing; map at least one field")
	}
	seen := map[Field]bool{}
	for i, r := range m {
		at := fmt.Sprintf("%s[%d]", path, i)
		if private, ok := strings.CutPrefix(string(r.Field), attrPrefix); ok {
			addNameProblem(ps, at+".field", private)
		} else if !slices.Contains(single, r.Field) && !slices.Contains(several, r.Field) {
			ps.Add(at+".field", "unknown field %q: must be one of %q, %q or attr:NAME", r.Field, single, several)
		}
		if seen[r.Field] {
			ps.Add(at+".field", "duplicate %q; list the attributes in one rule", r.Field)
		}
		seen[r.Field] = true
		if (len(r.From) == 0) == (r.Template == "") {
			ps.Add(at, "exactly one of from and template must be set")
		}
		for j, name := range r.From {
			addNameProblem(ps, fmt.Sprintf("%s.from[%d]", at, j), name)
		}
		for _, name := range templateNames(r.Template) {
			addNameProblem(ps, at+".template", name)
		}
		if r.Mask != 0 && r.Field != FieldDisabled {
			ps.Add(at+".mask", "allowed for the field %q only", FieldDisabled)
		}
	}
}

func addNameProblem(ps *ctikit.Problems, path, name string) {
	if !attributeName.MatchString(name) {
		ps.Add(path, "invalid attribute name %.80q", name)
	}
}

// For returns the mapping without the fields that a target does not have: one mapping
// serves both targets.
func (m Mapping) For(t Target) Mapping {
	foreign := fieldsOnlyOf[otherTarget(t)]
	return slices.DeleteFunc(slices.Clone(m), func(r Rule) bool { return slices.Contains(foreign, r.Field) })
}

// Attributes returns the names of all attributes that the mapping reads, each
// once, in order of first use: what to ask a server for.
func (m Mapping) Attributes() []string {
	var out []string
	seen := map[string]bool{}
	for _, r := range m {
		for _, name := range slices.Concat(r.From, templateNames(r.Template)) {
			if low := strings.ToLower(name); !seen[low] {
				seen[low] = true
				out = append(out, name)
			}
		}
	}
	return out
}

func templateNames(template string) []string {
	var out []string
	for _, match := range placeholder.FindAllStringSubmatch(template, -1) {
		out = append(out, match[1])
	}
	return out
}
