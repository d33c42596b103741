package sqlstore

import (
	"encoding/json"
	"fmt"
	"strings"
)

// builder makes a statement; values are always parameters.
type builder struct {
	strings.Builder
	args []any
}

func (b *builder) text(s string) *builder { b.WriteString(s); return b }

// value adds a parameter. "$1" is understood by both dialects.
func (b *builder) value(v any) *builder {
	b.args = append(b.args, v)
	fmt.Fprintf(b, "$%d", len(b.args))
	return b
}

// in adds a condition on a list, nil for none. The list is one parameter, a JSON
// array: there is no limit to its length, and one statement for all lengths.
func (b *builder) in(column string, list []string, d Dialect) {
	if list == nil {
		return
	}
	array, _ := json.Marshal(list) // strings always can
	b.text(" AND " + column + " IN (SELECT ")
	if d == PostgreSQL {
		b.text("jsonb_array_elements_text(").value(string(array)).text("::jsonb))")
		return
	}
	b.text("value FROM json_each(").value(string(array)).text("))")
}
