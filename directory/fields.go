package directory

import (
	"slices"
	"strings"
)

// Fields of users and contacts by name, so that a plan can show "mobile: old →
// new" and an import can own some fields and leave others alone.

// numberFields are the fields that end up in a list of numbers.
var numberFields = []struct {
	field Field
	kind  NumberKind
}{
	{FieldExtension, Internal},
	{FieldWork, Work},
	{FieldMobile, Mobile},
	{FieldHome, Home},
	{FieldFax, Fax},
	{FieldOther, Other},
}

// hasNumber reports whether a record is worth importing: it has a number other
// than a fax (TWP guide 7.2.3).
func (r *record) hasNumber() bool {
	for i, f := range r.names {
		if len(r.values[i]) > 0 && f != FieldFax && slices.Contains(several, f) {
			return true
		}
	}
	return false
}

// textField returns the place of a field that is one text, nil for other fields.
func (u *User) textField(f Field) *string {
	switch f {
	case FieldLogin:
		return &u.Login
	case FieldFirstName:
		return &u.FirstName
	case FieldLastName:
		return &u.LastName
	case FieldEmail:
		return &u.Email
	case FieldIP:
		return &u.IP
	case FieldCulture:
		return &u.Culture
	}
	return nil
}

func (u *User) fieldValues(f Field) []string {
	switch f {
	case FieldDisabled:
		if u.Disabled {
			return []string{"true"}
		}
		return nil
	case FieldExtension:
		var out []string
		for _, e := range u.Extensions {
			out = append(out, e.Number)
		}
		return out
	case FieldSite:
		if len(u.Extensions) > 0 {
			return singleValue(u.Extensions[0].Site)
		}
		return nil
	case FieldMobile:
		return append(singleValue(u.Mobile), numbersOf(u.Numbers, Mobile)...)
	}
	return cardField(f, u.textField(f), u.Numbers, u.Attributes)
}

func (u *User) setFieldValues(f Field, values []string) {
	switch f {
	case FieldDisabled:
		u.Disabled = firstValue(values) == "true"
	case FieldExtension:
		u.setExtensions(values)
	case FieldSite:
		for i := range u.Extensions {
			u.Extensions[i].Site = firstValue(values)
		}
	case FieldMobile:
		u.Mobile = firstValue(values)
		u.Numbers = setNumbers(u.Numbers, Mobile, values[min(1, len(values)):])
	default:
		setCardField(f, values, u.textField(f), &u.Numbers, &u.Attributes)
	}
}

// setExtensions keeps what is known of an extension that stays: its password,
// protocol and set type are not the source's to say.
func (u *User) setExtensions(numbers []string) {
	var out []Extension
	for _, n := range numbers {
		ext := Extension{Number: n}
		if i := slices.IndexFunc(u.Extensions, func(e Extension) bool { return e.Number == n }); i >= 0 {
			ext = u.Extensions[i]
		}
		out = append(out, ext)
	}
	u.Extensions = out
}

func (c *Contact) textField(f Field) *string {
	switch f {
	case FieldFirstName:
		return &c.FirstName
	case FieldLastName:
		return &c.LastName
	case FieldDisplayName:
		return &c.DisplayName
	case FieldOrganisation:
		return &c.Organisation
	case FieldEmail:
		return &c.Email
	}
	return nil
}

func (c *Contact) fieldValues(f Field) []string {
	return cardField(f, c.textField(f), c.Numbers, c.Attributes)
}

func (c *Contact) setFieldValues(f Field, values []string) {
	setCardField(f, values, c.textField(f), &c.Numbers, &c.Attributes)
}

// cardField returns the values of a field that is a text, a kind of number or a
// private attribute.
func cardField(f Field, text *string, numbers []Number, attributes map[string]string) []string {
	if text != nil {
		return singleValue(*text)
	}
	for _, nf := range numberFields {
		if nf.field == f {
			return numbersOf(numbers, nf.kind)
		}
	}
	if name, ok := strings.CutPrefix(string(f), attrPrefix); ok {
		return singleValue(attributes[name])
	}
	return nil
}

func setCardField(f Field, values []string, text *string, numbers *[]Number, attributes *map[string]string) {
	if text != nil {
		*text = firstValue(values)
		return
	}
	for _, nf := range numberFields {
		if nf.field == f {
			*numbers = setNumbers(*numbers, nf.kind, values)
			return
		}
	}
	name, ok := strings.CutPrefix(string(f), attrPrefix)
	if !ok {
		return
	}
	if len(values) == 0 {
		delete(*attributes, name)
		return
	}
	if *attributes == nil {
		*attributes = map[string]string{}
	}
	(*attributes)[name] = values[0]
}

func numbersOf(numbers []Number, kind NumberKind) (out []string) {
	for _, n := range numbers {
		if n.Kind == kind {
			out = append(out, n.Value)
		}
	}
	return out
}

func setNumbers(numbers []Number, kind NumberKind, values []string) []Number {
	out := slices.DeleteFunc(numbers, func(n Number) bool { return n.Kind == kind })
	for _, v := range values {
		out = append(out, Number{Kind: kind, Value: v})
	}
	return out
}

func singleValue(v string) []string {
	if v == "" {
		return nil
	}
	return []string{v}
}

func firstValue(values []string) string {
	if len(values) == 0 {
		return ""
	}
	return values[0]
}
