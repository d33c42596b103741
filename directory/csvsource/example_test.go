package csvsource_test

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/ctikit/ctikit/directory/csvsource"
)

func Example() {
	source := csvsource.Source{
		Open: func() (io.ReadCloser, error) { // csvsource.File opens a file of a path
			return io.NopCloser(strings.NewReader("id;name;phone\n17;Lee;4001\n18;Bray;4002\n")), nil
		},
		Name: "people.csv",
		Key:  "id",
	}
	for item, err := range source.Read(context.Background(), "") {
		switch {
		case err != nil:
			fmt.Println(err)
		case item.Entry != nil:
			fmt.Println(item.Entry.Key, item.Entry.Value("name"), item.Entry.Value("phone"))
		case item.End != nil:
			fmt.Println("complete:", item.End.Full)
		}
	}
	// Output:
	// 17 Lee 4001
	// 18 Bray 4002
	// complete: true
}
