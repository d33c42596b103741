package report

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/directory"
)

func TestSynchronisation(t *testing.T) {
	var out strings.Builder
	require.Nil(t, Synchronisation(&out), "no terminal, no bar")
	draw := drawn(&out)
	for _, p := range []directory.Progress{{Phase: "read", Done: 1}, {Phase: "apply", Done: 1, Of: 4}, {Phase: "apply", Done: 1, Of: 4}, {Phase: "apply", Done: 4, Of: 4}} {
		draw(p)
	}
	full := strings.Repeat("█", 40)
	require.Equal(t, "\rread     ["+full+"] 1"+
		"\rapply    ["+full[:len("█")*10]+strings.Repeat("·", 30)+"] 1"+
		"\rapply    ["+full+"] 4\n", out.String())
}
