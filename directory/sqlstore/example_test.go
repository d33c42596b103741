package sqlstore_test

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"

	_ "modernc.org/sqlite" // the driver

	"github.com/ctikit/ctikit/directory"
	"github.com/ctikit/ctikit/directory/sqlstore"
)

func Example() {
	folder, err := os.MkdirTemp("", "directory")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(folder)
	db, err := sql.Open("sqlite", sqlstore.SQLiteDSN(filepath.Join(folder, "directory.db")))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer db.Close()
	ctx := context.Background()
	store, err := sqlstore.Open(ctx, db, sqlstore.SQLite)
	if err != nil {
		fmt.Println(err)
		return
	}
	registry := directory.NewRegistry(store, nil) // a SealKey where passwords are stored
	if err := registry.Companies.Save(ctx, directory.Company{ID: "acme", Name: "Acme"}); err != nil {
		fmt.Println(err)
	}
	company, err := registry.Companies.Get(ctx, "acme")
	fmt.Println(company.Name, err)
	// Output: Acme <nil>
}
