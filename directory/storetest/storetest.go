// Package storetest is the contract of [directory.Store] as tests. Whoever
// writes a store runs them:
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
		{"RoundTrip", roundTrip},
		{"Queries", queries},
		{"Versions", versions},
		{"NamesAreUnique", namesAreUnique},
		{"NamesPass", namesPass},
		{"AllOrNothing", allOrNothing},
		{"ManyAtOnce", manyAtOnce},
		{"ContextEnds", contextEnds},
		{"LoopIsLeft", loopIsLeft},
		{"OneWriterWins", oneWriterWins},
		{"ReadWhileWriting", readWhileWriting},
	} {
		t.Run(test.name, func(t *testing.T) { test.run(t, open(t)) })
	}
}

var ctx = context.Background()

func object(id string, names ...string) directory.Object {
	return directory.Object{Kind: "user", ID: id, Company: "acme", Names: names, Data: []byte(`{"id":"` + id + `"}`)}
}

func all(t *testing.T, s directory.Store, q directory.Query) []directory.Object {
	t.Helper()
	var out []directory.Object
	for o, err := range s.Objects(ctx, q) {
		require.NoError(t, err)
		out = append(out, o)
	}
	return out
}

func ids(t *testing.T, s directory.Store, q directory.Query) (out []string) {
	t.Helper()
	for _, o := range all(t, s, q) {
		out = append(out, o.ID)
	}
	return out
}

func put(t *testing.T, s directory.Store, objects ...directory.Object) {
	t.Helper()
	require.NoError(t, s.Commit(ctx, directory.Batch{Put: objects}))
}

func roundTrip(t *testing.T, s directory.Store) {
	o := object("é/1", "login b", "login a")
	o.Import, o.Key, o.Hash, o.Data = "imp", "key'\"%_", directory.Hash{0, 1, 255}, []byte(`{"x":"\u0000é"}`)
	put(t, s, o)
	o.Version = 1
	got := all(t, s, directory.Query{Kind: "user"})
	require.Len(t, got, 1)
	require.ElementsMatch(t, o.Names, got[0].Names)
	got[0].Names = o.Names
	require.Equal(t, o, got[0])

	header := all(t, s, directory.Query{Kind: "user", Headers: true})[0]
	require.Empty(t, header.Data)
	require.Equal(t, o.Hash, header.Hash)
	require.Equal(t, o.Version, header.Version)
}

func queries(t *testing.T, s directory.Store) {
	a, b, c, d := object("a", "n1", "n2"), object("b", "n3"), object("c"), object("a")
	b.Company, c.Import, c.Key, d.Kind = "other", "imp", "k", "group"
	put(t, s, c, d, b, a)
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
		require.Equal(t, test.want, fmt.Sprint(ids(t, s, test.q)), "%+v", test.q)
	}
}

func versions(t *testing.T, s directory.Store) {
	put(t, s, object("a"))
	require.ErrorIs(t, s.Commit(ctx, directory.Batch{Put: []directory.Object{object("a")}}), ctikit.ErrConflict, "exists already")
	o := object("a")
	o.Version = 1
	put(t, s, o)
	require.ErrorIs(t, s.Commit(ctx, directory.Batch{Put: []directory.Object{o}}), ctikit.ErrConflict, "is at 2")
	require.ErrorIs(t, s.Commit(ctx, directory.Batch{Delete: []directory.Object{o}}), ctikit.ErrConflict)
	o.Version = 2
	require.NoError(t, s.Commit(ctx, directory.Batch{Delete: []directory.Object{o}}))
	require.ErrorIs(t, s.Commit(ctx, directory.Batch{Delete: []directory.Object{o}}), ctikit.ErrConflict, "is gone")
	require.ErrorIs(t, s.Commit(ctx, directory.Batch{Put: []directory.Object{o}}), ctikit.ErrConflict, "is gone")
	put(t, s, object("a"))
	require.EqualValues(t, 1, all(t, s, directory.Query{Kind: "user"})[0].Version)
}

func namesAreUnique(t *testing.T, s directory.Store) {
	put(t, s, object("a", "n1"))
	var taken *directory.Taken
	err := s.Commit(ctx, directory.Batch{Put: []directory.Object{object("b", "n1")}})
	require.ErrorAs(t, err, &taken)
	require.Equal(t, directory.Taken{Kind: "user", Name: "n1", By: "a"}, *taken)
	err = s.Commit(ctx, directory.Batch{Put: []directory.Object{object("c", "n2"), object("d", "n2")}})
	require.ErrorAs(t, err, &taken)
	require.Equal(t, "n2", taken.Name)
	group := object("g", "n1")
	group.Kind = "group"
	put(t, s, group) // another kind
	a := object("a", "n1", "n5")
	a.Version = 1
	put(t, s, a) // its own name
	require.Equal(t, []string{"a"}, ids(t, s, directory.Query{Kind: "user"}))
}

func namesPass(t *testing.T, s directory.Store) {
	put(t, s, object("a", "n1"), object("b", "n2"))
	a, b := object("a", "n2"), object("b", "n1")
	a.Version, b.Version = 1, 1
	put(t, s, a, b) // swapped
	require.Equal(t, []string{"b"}, ids(t, s, directory.Query{Kind: "user", Names: []string{"n1"}}))
	b.Version = 2
	require.NoError(t, s.Commit(ctx, directory.Batch{Put: []directory.Object{object("c", "n1")}, Delete: []directory.Object{b}}))
	require.Equal(t, []string{"c"}, ids(t, s, directory.Query{Kind: "user", Names: []string{"n1"}}))
	c := object("c")
	c.Version = 1
	put(t, s, c)
	put(t, s, object("d", "n1")) // given up
}

func allOrNothing(t *testing.T, s directory.Store) {
	put(t, s, object("a", "n1"), object("b"))
	b := object("b")
	b.Version = 1
	var taken *directory.Taken
	require.ErrorAs(t, s.Commit(ctx, directory.Batch{
		Put:    []directory.Object{object("c"), object("d", "n1")},
		Delete: []directory.Object{b},
	}), &taken)
	require.Equal(t, []string{"a", "b"}, ids(t, s, directory.Query{Kind: "user"}))
}

func manyAtOnce(t *testing.T, s directory.Store) {
	var batch directory.Batch
	var want []string
	for i := range 3000 {
		id := fmt.Sprintf("%05d", i)
		want = append(want, id)
		batch.Put = append(batch.Put, object(id, "n"+id, "m"+id))
	}
	require.NoError(t, s.Commit(ctx, batch))
	require.Equal(t, want, ids(t, s, directory.Query{Kind: "user"}))
	require.Equal(t, want, ids(t, s, directory.Query{Kind: "user", IDs: want}))
}

func contextEnds(t *testing.T, s directory.Store) {
	put(t, s, object("a"))
	ended, cancel := context.WithCancel(ctx)
	cancel()
	require.ErrorIs(t, s.Commit(ended, directory.Batch{Put: []directory.Object{object("b")}}), context.Canceled)
	n := 0
	for _, err := range s.Objects(ended, directory.Query{Kind: "user"}) {
		require.ErrorIs(t, err, context.Canceled)
		n++
	}
	require.Equal(t, 1, n, "an error is yielded, once")
	require.Equal(t, []string{"a"}, ids(t, s, directory.Query{Kind: "user"}))
}

func loopIsLeft(t *testing.T, s directory.Store) {
	put(t, s, object("a"), object("b"))
	for range 20 { // more often than there are connections
		for range s.Objects(ctx, directory.Query{Kind: "user"}) {
			break
		}
	}
	put(t, s, object("c"))
}

func oneWriterWins(t *testing.T, s directory.Store) {
	put(t, s, object("a"))
	var wg sync.WaitGroup
	won := make(chan int, 8)
	for i := range 8 {
		wg.Go(func() {
			o := object("a", fmt.Sprint("n", i))
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
	require.Equal(t, []string{fmt.Sprint("n", <-won)}, all(t, s, directory.Query{Kind: "user"})[0].Names)
}

// A reader may write and read again between two objects.
func readWhileWriting(t *testing.T, s directory.Store) {
	put(t, s, object("a"), object("b"), object("c"))
	seen := map[string]bool{}
	for o, err := range s.Objects(ctx, directory.Query{Kind: "user"}) {
		require.NoError(t, err)
		require.False(t, seen[o.ID])
		seen[o.ID] = true
		o.Names = []string{"n" + o.ID}
		put(t, s, o)
		require.Len(t, all(t, s, directory.Query{Kind: "user", IDs: []string{o.ID}}), 1)
	}
	require.Len(t, seen, 3)
}
