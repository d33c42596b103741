package main

import "go/ast"

// driverPackage is where requests are.
const driverPackage = "cti/driver"

// request is a call x.(cti.Escaper).Escape(ctx, ...) that can become
// x.Do(ctx, driver.Request{...}), since no result but the error is used.
type request struct {
	call    *ast.CallExpr
	assert  *ast.TypeAssertExpr
	ability ability
}

// findRequests finds them by the interface.
func (q *qualifier) findRequests(f *hostFile) map[ast.Expr]*request {
	found := map[ast.Expr]*request{}
	add := func(e ast.Expr) {
		call, ok := e.(*ast.CallExpr)
		if !ok {
			return
		}
		method, ok := call.Fun.(*ast.SelectorExpr)
		if !ok {
			return
		}
		assert, ok := method.X.(*ast.TypeAssertExpr)
		if !ok {
			return
		}
		selector, ok := assert.Type.(*ast.SelectorExpr)
		if !ok {
			return
		}
		imported, _ := q.importedBy(selector)
		pkg, _ := ownPackage(imported)
		a, ok := q.names.abilities[member{symbol{pkg, selector.Sel.Name}, method.Sel.Name}]
		if ok && len(call.Args) == 1+len(a.fields) {
			found[selector] = &request{call, assert, a}
		}
	}
	ast.Inspect(f.syntax, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ExprStmt:
			add(n.X)
		case *ast.AssignStmt:
			if len(n.Lhs) == 2 && len(n.Rhs) == 1 {
				if blank, ok := n.Lhs[0].(*ast.Ident); ok && blank.Name == "_" {
					add(n.Rhs[0])
				}
			}
		}
		return true
	})
	return found
}

func (r *request) write(q *qualifier, f *hostFile, imports *importEdits) {
	operation := imports.localName("cti") + ".Op" + r.ability.operation
	q.p.replace(f, r.assert.X.End(), r.call.Lparen+1, ".Do(")
	last := r.call.Args[0].End()
	q.p.insert(f, last, ", "+imports.localName(driverPackage)+".Request{Op: "+operation)
	for i, field := range r.ability.fields {
		value := r.call.Args[1+i]
		q.p.replace(f, last, value.Pos(), ", "+field+": ")
		last = value.End()
	}
	q.p.insert(f, last, "}")
}
