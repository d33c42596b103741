package sqlstore_test

import (
	"bufio"
	"context"
	"fmt"
	"iter"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/directory"
	"github.com/ctikit/ctikit/internal/testenv"
)

const crowd = 1600

// people yields a crowd in one of two states; in the second most have changed,
// some are gone and some are new. Extensions are swapped two by two.
type people struct{ second bool }

func (p people) Read(context.Context, directory.Bookmark) iter.Seq2[directory.Item, error] {
	return func(yield func(directory.Item, error) bool) {
		from, to, swap := 0, crowd, 0
		if p.second {
			from, to, swap = 100, crowd+100, 1
		}
		for i := from; i < to; i++ {
			text := func(format string, n int) [][]byte { return [][]byte{fmt.Appendf(nil, format, n)} }
			e := directory.Entry{Key: fmt.Sprint(i), Attrs: []directory.Attr{
				{Name: []byte("uid"), Values: text("u%d", i)},
				{Name: []byte("ext"), Values: text("%d", 10000+i^swap)},
			}}
			if !yield(directory.Item{Entry: &e}, nil) {
				return
			}
		}
		yield(directory.Item{End: &directory.End{Full: true}}, nil)
	}
}

func newSync(t testing.TB, store directory.Store, second bool) *directory.Sync {
	t.Helper()
	r := directory.NewRegistry(store, nil)
	require.NoError(t, r.Companies.Save(ctx, directory.Company{ID: "c", Name: "C"}))
	require.NoError(t, r.Domains.Save(ctx, directory.Domain{ID: "d", Company: "c", Name: "D"}))
	require.NoError(t, r.Directories.Save(ctx, directory.Directory{ID: "dir", Company: "c", Name: "Dir"}))
	require.NoError(t, r.Imports.Save(ctx, directory.Import{ID: "i", Company: "c", Domain: "d", Directory: "dir", Type: directory.SQL, Key: "id",
		Target: directory.ToUsers, Mode: directory.InsertUpdateDelete, Mapping: directory.Mapping{
			{Field: directory.FieldLogin, From: []string{"uid"}}, {Field: directory.FieldExtension, From: []string{"ext"}}}}))
	return &directory.Sync{Registry: r, Import: "i", Source: people{second}}
}

// content is every user, as text.
func content(t testing.TB, s *directory.Sync) (out []string) {
	t.Helper()
	for u, err := range s.Registry.Users.All(ctx) {
		require.NoError(t, err)
		out = append(out, fmt.Sprintf("%s %s %v", u.ID, u.Login, u.Extensions))
	}
	return out
}

// TestKilledWhileApplying kills a process with SIGKILL somewhere in the middle of
// Apply, again and again: the store opens, is consistent, and a re-run converges.
func TestKilledWhileApplying(t *testing.T) {
	if path := os.Getenv("SQLSTORE_TEST_VICTIM"); path != "" {
		victim(t, path)
		return
	}
	rng := testenv.Rand(t)
	want := openSQLite(t, filepath.Join(t.TempDir(), "want.db"))
	straight := newSync(t, want, false)
	_, err := straight.Run(ctx)
	require.NoError(t, err)
	straight.Source = people{second: true}
	_, err = straight.Run(ctx)
	require.NoError(t, err)

	path := filepath.Join(t.TempDir(), "killed.db")
	killed := newSync(t, openSQLite(t, path), false)
	_, err = killed.Run(ctx)
	require.NoError(t, err)
	interrupted := 0
	for range 6 {
		cmd := exec.Command(os.Args[0], "-test.run", "^TestKilledWhileApplying$", "-test.v")
		cmd.Env = append(os.Environ(), "SQLSTORE_TEST_VICTIM="+path)
		out, err := cmd.StdoutPipe()
		require.NoError(t, err)
		require.NoError(t, cmd.Start())
		for lines := bufio.NewScanner(out); lines.Scan(); {
			if strings.Contains(lines.Text(), "applying") {
				time.Sleep(time.Duration(rng.IntN(120)) * time.Millisecond)
				break
			}
		}
		cmd.Process.Kill()
		if cmd.Wait() != nil {
			interrupted++
		}
		for _, user := range content(t, killed) {
			require.Regexp(t, `^i/\d+ u\d+ \[\{\d+ .*\}\]$`, user, "every user is whole")
		}
	}
	t.Logf("%d of 6 were killed in time", interrupted)
	killed.Source = people{second: true}
	_, err = killed.Run(ctx)
	require.NoError(t, err)
	require.Equal(t, content(t, straight), content(t, killed))
	report, err := killed.Run(ctx)
	require.NoError(t, err)
	require.Equal(t, crowd, report.Unchanged)
}

func victim(t *testing.T, path string) {
	s := newSync(t, openSQLite(t, path), true)
	plan, err := s.Plan(ctx)
	require.NoError(t, err)
	fmt.Println("applying")
	_, _, err = s.Apply(ctx, plan)
	require.NoError(t, err)
}
