package dialplan

import (
	"slices"
	"strconv"
	"strings"

	"github.com/ctikit/ctikit"
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

// compileValue splits a value into tokens before anything is expanded, so that
// $2[-ExternalPrefix-] is never $20. Groups are checked against the pattern.
func (p *Parameters) compileValue(path, text string, of pattern, ps *ctikit.Problems) value {
	v := value{}
	for i := 0; i < len(text); {
		rest := text[i:]
		size := 1
		switch found := placeholderForm.FindStringIndex(rest); {
		case found != nil && found[0] == 0:
			size = found[1]
			name := rest[2 : size-2]
			expanded := p.expandPlaceholders(path, rest[:size], strings.Clone, ps)
			v.tokens = append(v.tokens, token{text: expanded, group: -1, label: rest[:size]})
			v.external = v.external || name == "ExternalPrefix"
		case rest[0] == '$':
			var t token
			t, size = v.parseGroup(path, rest, i, of, ps)
			v.tokens = append(v.tokens, t)
		case strings.IndexByte("0123456789+#*", rest[0]) >= 0:
			v.tokens = append(v.tokens, token{text: rest[:1], group: -1, label: rest[:1]})
		default:
			r := firstRune(rest)
			size = len(r)
			ps.Add(path, "character %d: %q cannot be dialled; use digits, +, #, *, placeholders and groups such as $1", i+1, r)
		}
		i += size
	}
	if len(v.groups) > maxGroups {
		ps.Add(path, "must use at most %d different groups, got %d", maxGroups, len(v.groups))
	}
	v.joinTexts()
	return v
}

// parseGroup reads $n, ${n}, ${name} or $$ at the start of rest.
func (v *value) parseGroup(path, rest string, at int, of pattern, ps *ctikit.Problems) (t token, size int) {
	size = 1
	var name string
	switch {
	case strings.HasPrefix(rest, "$$"):
		ps.Add(path, "character %d: $$ is a dollar sign, which cannot be dialled", at+1)
		return token{group: -1}, 2
	case strings.HasPrefix(rest, "${"):
		end := strings.IndexByte(rest, '}')
		if end < 0 {
			ps.Add(path, "character %d: ${ has no closing }", at+1)
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
		ps.Add(path, "character %d: unknown group %s%s", at+1, label, groupHint(name))
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

func groupHint(name string) string {
	if len(name) > 1 && name[0] >= '0' && name[0] <= '9' {
		return "; write a group before a digit as ${" + name[:1] + "}" + name[1:]
	}
	return ""
}

// joinTexts makes one token of neighbouring texts and marks those to reduce.
func (v *value) joinTexts() {
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
