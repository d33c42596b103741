package dialplan

import (
	"slices"
	"strconv"
	"strings"
)

// value is a rule's Value, understood: pieces of text and groups.
type value struct {
	tokens   []token
	groups   []int // the groups that tokens need, each once
	external bool  // holds [-ExternalPrefix-]
}

// token is a text, or the group of the given place in value.groups.
type token struct {
	text   string
	reduce bool   // text may hold what cannot be dialled where it comes to stand: +, parentheses
	group  int    // -1 for a text
	label  string // as written: "[-ExternalPrefix-]", "$2"
}

// maxGroups bounds the different groups of one value, so that their ranges fit
// on the stack.
const maxGroups = 8

// parseValue splits a value into tokens before anything is expanded, so that
// $2[-ExternalPrefix-] is never $20. Groups are checked against the pattern.
func (p *Parameters) parseValue(path, text string, of pattern, m *Mistakes) value {
	v := value{}
	for i := 0; i < len(text); {
		rest := text[i:]
		size := 1
		switch found := placeholderForm.FindStringIndex(rest); {
		case found != nil && found[0] == 0:
			size = found[1]
			name := rest[2 : size-2]
			v.tokens = append(v.tokens, token{text: p.expand(path, rest[:size], strings.Clone, m), group: -1, label: rest[:size]})
			v.external = v.external || name == "ExternalPrefix"
		case rest[0] == '$':
			var t token
			t, size = v.parseGroup(path, rest, i, of, m)
			v.tokens = append(v.tokens, t)
		case strings.IndexByte("0123456789+#*", rest[0]) >= 0:
			v.tokens = append(v.tokens, token{text: rest[:1], group: -1, label: rest[:1]})
		default:
			r := firstRune(rest)
			size = len(r)
			m.addf(path, "%q at character %d cannot be dialled: there can be digits, +, # and *, placeholders, and groups such as $1", r, i+1)
		}
		i += size
	}
	if len(v.groups) > maxGroups {
		m.addf(path, "uses %d different groups; at most %d", len(v.groups), maxGroups)
	}
	v.join()
	return v
}

// parseGroup reads $n, ${n}, ${name} or $$ at the start of rest.
func (v *value) parseGroup(path, rest string, at int, of pattern, m *Mistakes) (t token, size int) {
	size = 1
	var name string
	switch {
	case strings.HasPrefix(rest, "$$"):
		m.addf(path, "$$ at character %d stands for a dollar sign, which cannot be dialled", at+1)
		return token{group: -1}, 2
	case strings.HasPrefix(rest, "${"):
		end := strings.IndexByte(rest, '}')
		if end < 0 {
			m.addf(path, "${ at character %d has no }", at+1)
			return token{group: -1}, len(rest)
		}
		name, size = rest[2:end], end+1
	default:
		for size < len(rest) && '0' <= rest[size] && rest[size] <= '9' {
			size++
		}
		name = rest[1:size]
	}
	label := rest[:size]
	number, ok := groupNumber(name, of)
	if !ok {
		m.addf(path, "%s at character %d: the pattern has no such group%s", label, at+1, hintGroup(name))
		return token{group: -1}, size
	}
	if of.expression == nil { // $0 of a literal pattern is its text
		return token{text: of.literal, group: -1, label: label}, size
	}
	place := slices.Index(v.groups, number)
	if place < 0 {
		place = len(v.groups)
		v.groups = append(v.groups, number)
	}
	return token{group: place, label: label}, size
}

func groupNumber(name string, of pattern) (number int, ok bool) {
	number, err := strconv.Atoi(name)
	if of.expression == nil {
		return 0, err == nil && number == 0 && of.literal != ""
	}
	if err != nil {
		number = of.expression.re.GroupNumberFromName(name)
	}
	return number, number >= 0 && of.expression.hasGroup(number)
}

func hintGroup(name string) string {
	if len(name) > 1 && name[0] >= '0' && name[0] <= '9' {
		return "; a group followed by a digit is written as in ${" + name[:1] + "}" + name[1:]
	}
	return ""
}

// join makes one token of neighbouring texts and marks those to reduce.
func (v *value) join() {
	joined := v.tokens[:0]
	for _, t := range v.tokens {
		if last := len(joined) - 1; last >= 0 && t.group < 0 && joined[last].group < 0 {
			joined[last].text += t.text
			joined[last].label += t.label
			continue
		}
		joined = append(joined, t)
	}
	for i, t := range joined {
		joined[i].reduce = strings.ContainsAny(t.text, "+()")
	}
	v.tokens = joined
}
