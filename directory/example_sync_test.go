package directory_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/ctikit/ctikit/directory"
	"github.com/ctikit/ctikit/directory/csvsource"
)

// newRegistry has a company with a domain, a directory and an import definition.
func newRegistry(ctx context.Context) (*directory.Registry, error) {
	r := directory.NewRegistry(directory.NewMemory(), nil)
	if err := r.Companies.Save(ctx, directory.Company{ID: "acme", Name: "Acme"}); err != nil {
		return nil, err
	}
	if err := r.Domains.Save(ctx, directory.Domain{ID: "paris", Company: "acme", Name: "Paris"}); err != nil {
		return nil, err
	}
	if err := r.Directories.Save(ctx, directory.Directory{ID: "staff", Company: "acme", Name: "Staff"}); err != nil {
		return nil, err
	}
	return r, r.Imports.Save(ctx, directory.Import{
		ID: "hr", Company: "acme", Domain: "paris", Directory: "staff",
		Type: directory.CSV, Key: "id", Target: directory.ToUsers, Mode: directory.InsertUpdateDelete,
		Mapping: directory.Mapping{
			{Field: directory.FieldLogin, From: []string{"login"}},
			{Field: directory.FieldLastName, From: []string{"name"}},
			{Field: directory.FieldExtension, From: []string{"desk"}},
		},
	})
}

// A scheduler asks when the import is due; one that never ran is.
func ExampleSync_LastRun() {
	ctx := context.Background()
	registry, err := newRegistry(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	definition, err := registry.Imports.Get(ctx, "hr")
	if err != nil {
		fmt.Println(err)
		return
	}
	sync := &directory.Sync{Registry: registry, Import: definition.ID, Source: &csvsource.Source{
		Open: func() (io.ReadCloser, error) {
			return io.NopCloser(strings.NewReader("id,login,name,desk\n1,ann,Lee,4001\n")), nil
		},
		Name: "people.csv", Key: "id",
	}}
	for range 2 {
		last, err := sync.LastRun(ctx)
		if err != nil {
			fmt.Println(err)
			return
		}
		if time.Now().Before(definition.Next(last)) {
			fmt.Println("not yet")
			continue
		}
		report, err := sync.Run(ctx)
		fmt.Println(report.Created, "created", err)
	}
	// Output:
	// 1 created <nil>
	// not yet
}

// A run is a plan, which can be looked at, and its application.
func ExampleSync() {
	ctx := context.Background()
	registry, err := newRegistry(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	file := "id,login,name,desk\n1,ann,Lee,4001\n2,bob,Ray,4002\n"
	sync := &directory.Sync{Registry: registry, Import: "hr", Source: &csvsource.Source{
		Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(file)), nil },
		Name: "people.csv", Key: "id",
	}}
	report, err := sync.Run(ctx)
	fmt.Println(report.Created, "created", err)

	file = "id,login,name,desk\n1,ann,Moe,4001\n" // Ann has married, and where is Bob?
	plan, err := sync.Plan(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(plan)

	file = "id,login,name,desk\n" // somebody broke the export
	plan, err = sync.Plan(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	report, _, err = sync.Apply(ctx, plan)
	fmt.Println(report.Held, "held,", report.Deleted, "deleted", err)
	// Output:
	// 2 created <nil>
	// update hr/1 lastName: Lee → Moe
	// delete hr/2
	// 2 held, 0 deleted <nil>
}

// The document of a whole installation, and the report of its import.
func ExampleDocument() {
	ctx := context.Background()
	registry, err := newRegistry(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	doc := directory.Document{Sections: registry.Sections(false)}
	var text bytes.Buffer
	if _, err := doc.Export(ctx, &text); err != nil {
		fmt.Println(err)
		return
	}
	steps, err := doc.Import(ctx, &text, directory.ImportOptions{DryRun: true})
	fmt.Print(steps)
	fmt.Println(err)
	// Output:
	// -------------  START --------------
	// Initialization... done
	// Checking companies... 1 done
	// Checking domains... 1 done
	// Checking directories... 1 done
	// Checking groups... 0 done
	// Checking users... 0 done
	// Checking imports... 1 done
	// Checking contacts... 0 done
	// Checking contact lists... 0 done
	// --------------  END ---------------
	// <nil>
}
