package sqlsource_test

import (
	"context"
	"database/sql"
	"fmt"

	_ "modernc.org/sqlite" // or any other driver

	"github.com/ctikit/ctikit/directory/sqlsource"
)

func Example() {
	db, err := sql.Open("sqlite", "file:people?mode=memory&cache=shared")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer db.Close()
	if _, err := db.Exec(`CREATE TABLE people (id INTEGER, name TEXT, desk TEXT); INSERT INTO people VALUES (17, 'Lee', '4001')`); err != nil {
		fmt.Println(err)
		return
	}
	source := sqlsource.Source{DB: db, Query: "SELECT id, name, desk FROM people", Key: "id", Columns: []string{"name", "desk"}, Name: "people"}
	for item, err := range source.Read(context.Background(), "") {
		switch {
		case err != nil:
			fmt.Println(err)
		case item.Entry != nil:
			fmt.Println(item.Entry.Key, item.Entry.Value("name"), item.Entry.Value("desk"))
		}
	}
	// Output: 17 Lee 4001
}
