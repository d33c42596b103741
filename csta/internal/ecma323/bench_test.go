package ecma323_test

import (
	"testing"

	"github.com/ctikit/ctikit/csta/internal/message"
)

func BenchmarkMakeCall(b *testing.B) {
	c := codec(4)
	r := message.Request{Op: message.MakeCall, Device: message.Number("4001"), To: message.Number("0145678901")}
	dst := make([]byte, 0, 1024)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.AppendRequest(dst, 1, &r); err != nil {
			b.Fatal(err)
		}
	}
}
