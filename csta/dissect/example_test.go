package dissect_test

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/ctikit/ctikit/csta/dissect"
)

func Example() {
	messages, err := dissect.NewReader(strings.NewReader("a10c020101020200d330030a0102\n"))
	if err != nil {
		fmt.Println(err)
		return
	}
	for {
		message, err := messages.Next()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			fmt.Println(err)
			return
		}
		if err := message.WriteTree(os.Stdout); err != nil {
			fmt.Println(err)
		}
	}
	// Output:
	// #1 CSTA III BER invoke 1
	//   request
	//     Op: systemStatus
	//     Status: normal
}
