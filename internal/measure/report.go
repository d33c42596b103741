package main

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// sum adds up the figures of packages.
func (m *module) sum(include func(folder string) bool) *figures {
	var all figures
	for _, folder := range slices.Sorted(maps.Keys(m.packages)) {
		if !include(folder) {
			continue
		}
		f := m.packages[folder]
		all.lines += f.lines
		all.exported += f.exported
		all.functions += f.functions
		all.tableLines += f.tableLines
		all.unexported += f.unexported
		all.shared += f.shared
		all.tokens += f.tokens
		all.longFunctions = append(all.longFunctions, f.longFunctions...)
		all.longLines = append(all.longLines, f.longLines...)
		all.aliases = append(all.aliases, f.aliases...)
	}
	return &all
}

func (m *module) sumAll() *figures { return m.sum(func(string) bool { return true }) }

// sharedPercent is the share of unexported functions with a shared name.
func (f *figures) sharedPercent() float64 {
	if f.unexported == 0 {
		return 0
	}
	return 100 * float64(f.shared) / float64(f.unexported)
}

func (m *module) printTable(out io.Writer, totalOnly bool) {
	fmt.Fprintf(out, "%-34s %7s %8s %9s %5s %7s %7s %7s %7s %7s\n",
		"", "", "", "", "", "> 120", "> 120", "", "", "")
	fmt.Fprintf(out, "%-34s %7s %8s %9s %5s %7s %7s %7s %7s %7s\n",
		"package", "lines", "exported", "functions", "> 60", "tables", "others", "shared", "aliases", "tokens")
	if !totalOnly {
		for _, folder := range slices.Sorted(maps.Keys(m.packages)) {
			m.packages[folder].printRow(out, folder)
		}
	}
	m.sumAll().printRow(out, fmt.Sprintf("all %d", len(m.packages)))
	m.sum(isImportable).printRow(out, "those that others can import")
}

func (f *figures) printRow(out io.Writer, name string) {
	fmt.Fprintf(out, "%-34s %7d %8d %9d %5d %7d %7d %6.0f%% %7d %7d\n", name, f.lines, f.exported, f.functions,
		len(f.longFunctions), f.tableLines, len(f.longLines), f.sharedPercent(), len(f.aliases), f.tokens)
}

func (m *module) printNames(out io.Writer) {
	shared := slices.DeleteFunc(slices.Collect(maps.Keys(m.owners)), func(name string) bool {
		return len(m.owners[name]) < sharedBy
	})
	slices.SortFunc(shared, func(a, b string) int {
		return cmp.Or(len(m.owners[b])-len(m.owners[a]), strings.Compare(a, b))
	})
	fmt.Fprint(out, "\nshared by most:")
	for _, name := range shared[:min(30, len(shared))] {
		fmt.Fprintf(out, " %s %d", name, len(m.owners[name]))
	}
	fmt.Fprintln(out)
	all := m.sumAll()
	printList(out, "aliases into internal packages", m.sum(isImportable).aliases)
	printList(out, "functions of more than 60 lines", all.longFunctions)
	printList(out, "lines of more than 120 characters outside tables", all.longLines)
}

func printList(out io.Writer, title string, list []string) {
	fmt.Fprintf(out, "\n%s: %d\n", title, len(list))
	for _, entry := range list {
		fmt.Fprintf(out, "\t%s\n", entry)
	}
}
