package incoming_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/csta/internal/encoding"
	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/csta/internal/testenv/incoming"
)

// TestSizes: the events are of the sizes that the figures speak of.
func TestSizes(t *testing.T) {
	for i, b := range incoming.Encoded(t, encoding.New(encoding.BER3, encoding.Variant{}, message.Options{}), 1000) {
		require.GreaterOrEqual(t, len(b), 78, i)
		require.LessOrEqual(t, len(b), 240, i)
	}
}
