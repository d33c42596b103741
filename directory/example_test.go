package directory_test

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/ctikit/ctikit/directory"
	"github.com/ctikit/ctikit/directory/csvsource"
)

// Contacts of a CSV file name callers. The view has the rights of one reader.
func Example() {
	const file = "number;given;family;phone;desk\n" +
		"17;Ann;Lee;+33 1 55 17 18 89;1889\n" +
		"18;Bob;Ray;;\n"
	source := &csvsource.Source{
		Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(file)), nil },
		Name: "people.csv", Key: "number",
	}
	mapping := directory.Mapping{
		{Field: directory.FieldDisplayName, Template: "{given} {family}"},
		{Field: directory.FieldWork, From: []string{"phone"}},
		{Field: directory.FieldExtension, From: []string{"desk"}},
	}
	contacts, problems, err := directory.ReadContacts(context.Background(), source, mapping, directory.Directory{ID: "people", Company: "acme"})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(len(contacts), "contact,", problems)

	index := directory.NewIndex(directory.Numbering{Country: "33", NationalPrefix: "0"})
	if err := index.Replace(contacts); err != nil {
		fmt.Println(err)
		return
	}
	view := index.View("acme", directory.RightsFunc(func(dir string) bool { return dir == "people" }))
	fmt.Println(view.CallerName("0155171889", "+33155171889"))
	fmt.Println(view.Lookup("1889", "").Class)
	// Output:
	// 1 contact, line 3: no telephone number
	// Ann Lee true
	// internal
}
