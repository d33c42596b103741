package main

import "go/ast"

// tableRows are the lines of a file that are rows of tables. A table is a
// composite literal of an array, slice or map with at least three elements; a row
// of it is an element that has a line of its own.
func tableRows(f *sourceFile) map[int]bool {
	rows := map[int]bool{}
	ast.Inspect(f.syntax, func(n ast.Node) bool {
		if literal, ok := n.(*ast.CompositeLit); ok && isTable(literal) {
			addRows(rows, f, literal)
		}
		return true
	})
	return rows
}

func addRows(rows map[int]bool, f *sourceFile, table *ast.CompositeLit) {
	for i, element := range table.Elts {
		first, last := f.lineOf(element.Pos()), f.lineOf(element.End())
		before, after := f.lineOf(table.Lbrace), f.lineOf(table.Rbrace)
		if i > 0 {
			before = f.lineOf(table.Elts[i-1].End())
		}
		if i+1 < len(table.Elts) {
			after = f.lineOf(table.Elts[i+1].Pos())
		}
		if before < first && first == last && last < after {
			rows[first] = true
		}
	}
}

// isTable tells literals of arrays, slices and maps from those of structs, as
// far as the syntax does: a struct's elements have names before a colon, and
// only elements of the others may leave their type out.
func isTable(literal *ast.CompositeLit) bool {
	if len(literal.Elts) < 3 {
		return false
	}
	switch literal.Type.(type) {
	case *ast.ArrayType, *ast.MapType:
		return true
	case *ast.StructType:
		return false
	}
	named := false
	for _, element := range literal.Elts {
		value := element
		if pair, ok := element.(*ast.KeyValueExpr); ok {
			value = pair.Value
			if _, ok := pair.Key.(*ast.Ident); ok {
				named = true
			}
		}
		if inner, ok := value.(*ast.CompositeLit); ok && inner.Type == nil {
			return true
		}
	}
	return !named
}
