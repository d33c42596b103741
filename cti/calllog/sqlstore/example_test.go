package sqlstore_test

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	_ "modernc.org/sqlite" // the driver

	"github.com/ctikit/ctikit/cti/calllog"
	"github.com/ctikit/ctikit/cti/calllog/sqlstore"
)

func Example() {
	db, err := sql.Open("sqlite", "file:calls?mode=memory&cache=shared")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer db.Close()
	ctx := context.Background()
	store, err := sqlstore.New(ctx, db) // the Store of a calllog.Log
	if err != nil {
		fmt.Println(err)
		return
	}
	call := calllog.Entry{ID: "1", User: "alee", Device: "4001", Number: "0155172090", E164: "+33155172090", Begin: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}
	if err := store.Append(ctx, []calllog.Entry{call}); err != nil {
		fmt.Println(err)
	}
	found, err := store.Find(ctx, calllog.Filter{User: "alee", Limit: 10})
	for _, e := range found {
		fmt.Println(e.Device, e.Number, e.Begin.Format(time.DateTime))
	}
	fmt.Println(err)
	// Output:
	// 4001 0155172090 2026-03-02 09:00:00
	// <nil>
}
