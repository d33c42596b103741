package report

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/directory"
)

func TestSynchronisation(t *testing.T) {
	var out strings.Builder
	draw, end := Synchronisation(&out)
	require.Nil(t, draw, "no terminal, no bar")
	end()
	draw, end = progressDrawer(&out)
	for _, p := range []directory.Progress{{Phase: "read", Done: 1}, {Phase: "apply", Done: 1, Of: 4}, {Phase: "apply", Done: 1, Of: 4}, {Phase: "apply", Done: 4, Of: 4}} {
		draw(p)
	}
	full := strings.Repeat("█", 40)
	require.Equal(t, "\rread     ["+strings.Repeat("·", 40)+"] 1"+
		"\rapply    ["+full[:len("█")*10]+strings.Repeat("·", 30)+"] 1"+
		"\rapply    ["+full+"] 4\n", out.String())
	end()
	draw(directory.Progress{Phase: "apply", Done: 1, Of: 4})
	end()
	require.True(t, strings.HasSuffix(out.String(), "4\n\rapply    ["+full[:len("█")*10]+strings.Repeat("·", 30)+"] 1\n"), "left in the middle")
}
