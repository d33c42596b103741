package phase3_test

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/csta/internal/phase3"
)

// TestConcurrentAppend: many callers may write at once, the same values too,
// while another reads.
func TestConcurrentAppend(t *testing.T) {
	codec, all := phase3.New(message.Options{}), randomMessages(t)
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for i := range all {
				pdu, err := encode(codec, &all[i].message)
				if err != nil || string(pdu) != string(all[i].pdu) {
					t.Errorf("%s: %v", all[i].name, err)
				}
			}
		})
	}
	var m message.Message
	for i := range all {
		require.NoError(t, codec.Decode(all[i].pdu, &m))
	}
	group.Wait()
}
