//go:build !race

package xmlscan

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAllocatesNothing(t *testing.T) {
	message := []byte(`<?xml version="1.0"?><event xmlns:p="u" a="1 &amp; 2"><p:x n="é"/>text &#65;</event>`)
	var s Scanner
	scan := func() {
		s.Reset(message)
		for s.Next() {
		}
		if s.Err() != nil {
			t.Fatal(s.Err())
		}
	}
	scan()
	require.Zero(t, testing.AllocsPerRun(100, scan))
}
