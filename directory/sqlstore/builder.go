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

func (b *builder) addText(s string) *builder { b.WriteString(s); return b }

// addValue adds a parameter. "$1" is understood by both dialects.
func (b *builder) addValue(v any) *builder {
	b.args = append(b.args, v)
	fmt.Fprintf(b, "$%d", len(b.args))
	return b
}

// addCondition adds a condition on a list, nil for none. The list is one parameter, a JSON
// array: there is no limit to its length, and one statement for all lengths.
func (b *builder) addCondition(column string, list []string, d Dialect) {
	if list == nil {
		return
	}
	array, _ := json.Marshal(list) // strings always can
	b.addText(" AND " + column + " IN (SELECT ")
	if d == PostgreSQL {
		b.addText("jsonb_array_elements_text(").addValue(string(array)).addText("::jsonb))")
		return
	}
	b.addText("value FROM json_each(").addValue(string(array)).addText("))")
}
