// Package storetest tests implementations of [directory.Store]:
//
//	storetest.Run(t, func(t *testing.T) directory.Store { return open(t) })
package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/directory"
)

// Run runs every test of the contract, each on a fresh, empty store.
func Run(t *testing.T, open func(t *testing.T) directory.Store) {
	for _, test := range []struct {
		name string
		run  func(*testing.T, directory.Store)
	}{
		{"RoundTrip", testRoundTrip},
		{"Queries", testQueries},
		{"Versions", testVersions},
		{"NamesAreUnique", testUniqueNames},
		{"NamesPass", testPassedNames},
		{"AllOrNothing", testAtomicBatch},
		{"ManyAtOnce", testLargeBatch},
		{"ContextEnds", testContextEnd},
		{"LoopIsLeft", testLeftLoop},
		{"OneWriterWins", testConcurrentWriters},
		{"ReadWhileWriting", testReadWhileWriting},
	} {
		t.Run(test.name, func(t *testing.T) { test.run(t, open(t)) })
	}
}

var ctx = context.Background()

func newObject(id string, names ...string) directory.Object {
	return directory.Object{Kind: "user", ID: id, Company: "acme", Names: names, Data: []byte(`{"id":"` + id + `"}`)}
}

func readObjects(t *testing.T, s directory.Store, q directory.Query) []directory.Object {
	t.Helper()
	var out []directory.Object
	for o, err := range s.Objects(ctx, q) {
		require.NoError(t, err)
		out = append(out, o)
	}
	return out
}

func readIDs(t *testing.T, s directory.Store, q directory.Query) (out []string) {
	t.Helper()
	for _, o := range readObjects(t, s, q) {
		out = append(out, o.ID)
	}
	return out
}

func commitObjects(t *testing.T, s directory.Store, objects ...directory.Object) {
	t.Helper()
	require.NoError(t, s.Commit(ctx, directory.Batch{Put: objects}))
}

func testRoundTrip(t *testing.T, s directory.Store) {
	o := newObject("é/1", "login b", "login a")
	o.Import, o.Key, o.Hash, o.Data = "imp", "key'\"%_", directory.Hash{0, 1, 255}, []byte(`{"x":"\u0000é"}`)
	commitObjects(t, s, o)
	o.Version = 1
	got := readObjects(t, s, directory.Query{Kind: "user"})
	require.Len(t, got, 1)
	require.ElementsMatch(t, o.Names, got[0].Names)
	got[0].Names = o.Names
	require.Equal(t, o, got[0])

	header := readObjects(t, s, directory.Query{Kind: "user", Headers: true})[0]
	require.Empty(t, header.Data)
	require.Equal(t, o.Hash, header.Hash)
	require.Equal(t, o.Version, header.Version)
}

func testQueries(t *testing.T, s directory.Store) {
	a, b, c, d := newObject("a", "n1", "n2"), newObject("b", "n3"), newObject("c"), newObject("a")
	b.Company, c.Import, c.Key, d.Kind = "other", "imp", "k", "group"
	commitObjects(t, s, c, d, b, a)
	for _, test := range []struct {
		want string
		q    directory.Query
	}{
		{"[a b c]", directory.Query{Kind: "user"}},
		{"[a]", directory.Query{Kind: "group"}},
		{"[]", directory.Query{Kind: "nothing"}},
		{"[a c]", directory.Query{Kind: "user", IDs: []string{"c", "x", "a", "c"}}},
		{"[b]", directory.Query{Kind: "user", Company: "other"}},
		{"[c]", directory.Query{Kind: "user", Import: "imp"}},
		{"[c]", directory.Query{Kind: "user", Import: "imp", Keys: []string{"k", "l"}}},
		{"[]", directory.Query{Kind: "user", Import: "imp", Keys: []string{"l"}}},
		{"[a b]", directory.Query{Kind: "user", Names: []string{"n1", "n2", "n3"}}},
		{"[a]", directory.Query{Kind: "user", Names: []string{"n2", "n3"}, Company: "acme"}},
		{"[]", directory.Query{Kind: "user", IDs: []string{}}},
	} {
		require.Equal(t, test.want, fmt.Sprint(readIDs(t, s, test.q)), "%+v", test.q)
	}
}

func testVersions(t *testing.T, s directory.Store) {
	commitObjects(t, s, newObject("a"))
	again := directory.Batch{Put: []directory.Object{newObject("a")}}
	require.ErrorIs(t, s.Commit(ctx, again), ctikit.ErrConflict, "exists already")
	o := newObject("a")
	o.Version = 1
	commitObjects(t, s, o)
	require.ErrorIs(t, s.Commit(ctx, directory.Batch{Put: []directory.Object{o}}), ctikit.ErrConflict, "is at 2")
	require.ErrorIs(t, s.Commit(ctx, directory.Batch{Delete: []directory.Object{o}}), ctikit.ErrConflict)
	o.Version = 2
	require.NoError(t, s.Commit(ctx, directory.Batch{Delete: []directory.Object{o}}))
	require.ErrorIs(t, s.Commit(ctx, directory.Batch{Delete: []directory.Object{o}}), ctikit.ErrConflict, "is gone")
	require.ErrorIs(t, s.Commit(ctx, directory.Batch{Put: []directory.Object{o}}), ctikit.ErrConflict, "is gone")
	commitObjects(t, s, newObject("a"))
	require.EqualValues(t, 1, readObjects(t, s, directory.Query{Kind: "user"})[0].Version)
}

func testUniqueNames(t *testing.T, s directory.Store) {
	commitObjects(t, s, newObject("a", "n1"))
	var taken *directory.Taken
	err := s.Commit(ctx, directory.Batch{Put: []directory.Object{newObject("b", "n1")}})
	require.ErrorAs(t, err, &taken)
	require.Equal(t, directory.Taken{Kind: "user", Name: "n1", By: "a"}, *taken)
	err = s.Commit(ctx, directory.Batch{Put: []directory.Object{newObject("c", "n2"), newObject("d", "n2")}})
	require.ErrorAs(t, err, &taken)
	require.Equal(t, "n2", taken.Name)
	group := newObject("g", "n1")
	group.Kind = "group"
	commitObjects(t, s, group) // another kind
	a := newObject("a", "n1", "n5")
	a.Version = 1
	commitObjects(t, s, a) // its own name
	require.Equal(t, []string{"a"}, readIDs(t, s, directory.Query{Kind: "user"}))
}

func testPassedNames(t *testing.T, s directory.Store) {
	commitObjects(t, s, newObject("a", "n1"), newObject("b", "n2"))
	a, b := newObject("a", "n2"), newObject("b", "n1")
	a.Version, b.Version = 1, 1
	commitObjects(t, s, a, b) // swapped
	require.Equal(t, []string{"b"}, readIDs(t, s, directory.Query{Kind: "user", Names: []string{"n1"}}))
	b.Version = 2
	pass := directory.Batch{Put: []directory.Object{newObject("c", "n1")}, Delete: []directory.Object{b}}
	require.NoError(t, s.Commit(ctx, pass))
	require.Equal(t, []string{"c"}, readIDs(t, s, directory.Query{Kind: "user", Names: []string{"n1"}}))
	c := newObject("c")
	c.Version = 1
	commitObjects(t, s, c)
	commitObjects(t, s, newObject("d", "n1")) // given up
}

func testAtomicBatch(t *testing.T, s directory.Store) {
	commitObjects(t, s, newObject("a", "n1"), newObject("b"))
	b := newObject("b")
	b.Version = 1
	var taken *directory.Taken
	require.ErrorAs(t, s.Commit(ctx, directory.Batch{
		Put:    []directory.Object{newObject("c"), newObject("d", "n1")},
		Delete: []directory.Object{b},
	}), &taken)
	require.Equal(t, []string{"a", "b"}, readIDs(t, s, directory.Query{Kind: "user"}))
}

func testLargeBatch(t *testing.T, s directory.Store) {
	var batch directory.Batch
	var want []string
	for i := range 3000 {
		id := fmt.Sprintf("%05d", i)
		want = append(want, id)
		batch.Put = append(batch.Put, newObject(id, "n"+id, "m"+id))
	}
	require.NoError(t, s.Commit(ctx, batch))
	require.Equal(t, want, readIDs(t, s, directory.Query{Kind: "user"}))
	require.Equal(t, want, readIDs(t, s, directory.Query{Kind: "user", IDs: want}))
}

func testContextEnd(t *testing.T, s directory.Store) {
	commitObjects(t, s, newObject("a"))
	ended, cancel := context.WithCancel(ctx)
	cancel()
	require.ErrorIs(t, s.Commit(ended, directory.Batch{Put: []directory.Object{newObject("b")}}), context.Canceled)
	n := 0
	for _, err := range s.Objects(ended, directory.Query{Kind: "user"}) {
		require.ErrorIs(t, err, context.Canceled)
		n++
	}
	require.Equal(t, 1, n, "an error is yielded, once")
	require.Equal(t, []string{"a"}, readIDs(t, s, directory.Query{Kind: "user"}))
}

func testLeftLoop(t *testing.T, s directory.Store) {
	commitObjects(t, s, newObject("a"), newObject("b"))
	for range 20 { // more often than there are connections
		for range s.Objects(ctx, directory.Query{Kind: "user"}) {
			break
		}
	}
	commitObjects(t, s, newObject("c"))
}

func testConcurrentWriters(t *testing.T, s directory.Store) {
	commitObjects(t, s, newObject("a"))
	var wg sync.WaitGroup
	won := make(chan int, 8)
	for i := range 8 {
		wg.Go(func() {
			o := newObject("a", fmt.Sprint("n", i))
			o.Version = 1
			if err := s.Commit(ctx, directory.Batch{Put: []directory.Object{o}}); err == nil {
				won <- i
			} else if !errors.Is(err, ctikit.ErrConflict) {
				t.Errorf("writer %d: %v", i, err)
			}
		})
	}
	wg.Wait()
	close(won)
	require.Len(t, won, 1)
	require.Equal(t, []string{fmt.Sprint("n", <-won)}, readObjects(t, s, directory.Query{Kind: "user"})[0].Names)
}

// A reader may write and read again between two objects.
func testReadWhileWriting(t *testing.T, s directory.Store) {
	commitObjects(t, s, newObject("a"), newObject("b"), newObject("c"))
	seen := map[string]bool{}
	for o, err := range s.Objects(ctx, directory.Query{Kind: "user"}) {
		require.NoError(t, err)
		require.False(t, seen[o.ID])
		seen[o.ID] = true
		o.Names = []string{"n" + o.ID}
		commitObjects(t, s, o)
		require.Len(t, readObjects(t, s, directory.Query{Kind: "user", IDs: []string{o.ID}}), 1)
	}
	require.Len(t, seen, 3)
}
