package rights

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

// city is 10,000 users in 500 groups (four each) with 5,000 grants.
func city(t testing.TB) *Set {
	t.Helper()
	d := &town{groups: map[string][]string{}}
	for u := range 10_000 {
		d.groups[fmt.Sprintf("user%05d.acme", u)] = []string{
			fmt.Sprintf("group%03d.acme", u%500), fmt.Sprintf("group%03d.acme", u/20), fmt.Sprintf("group%03d.acme", (u*7)%500), "group000.acme"}
	}
	s, err := New(Config{Subjects: d, AboutUsers: []string{"presence"}})
	require.NoError(t, err)
	var grants []Grant
	for i := range 5_000 {
		g := Grant{Group(fmt.Sprintf("group%03d.acme", i%500)), Object{Type: Directory, ID: fmt.Sprintf("dir%04d", i%1000)}}
		switch i % 5 {
		case 1:
			g.To = User(fmt.Sprintf("user%05d.acme", i))
		case 2:
			g.On = Of("presence", Group(fmt.Sprintf("group%03d.acme", (i+1)%500)))
		case 3:
			g = Grant{User(fmt.Sprintf("user%05d.acme", i)), Of(Statistics, Group(fmt.Sprintf("group%03d.acme", i%500)))}
		}
		grants = append(grants, g)
	}
	require.NoError(t, s.Grant(grants...))
	return s
}

func TestCanAllocatesNothing(t *testing.T) {
	s := city(t)
	require.Zero(t, testing.AllocsPerRun(100, func() {
		s.Can("user00042.acme", Directory, "dir0500")
		s.Can("user00042.acme", "presence", "user00043.acme")
		s.Can("nobody", Statistics, "nobody")
	}))
}

func BenchmarkCan(b *testing.B) {
	s := city(b)
	users := make([]string, 1024)
	objects := make([]string, 1024)
	for i := range users {
		users[i], objects[i] = fmt.Sprintf("user%05d.acme", i*9), fmt.Sprintf("dir%04d", (i*13)%1000)
	}
	for name, ask := range map[string]func(i int) bool{
		"directory": func(i int) bool { return s.Can(users[i&1023], Directory, objects[i&1023]) },
		"presence":  func(i int) bool { return s.Can(users[i&1023], "presence", users[(i*31)&1023]) },
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			yes := 0
			for i := range users {
				if ask(i) {
					yes++
				}
			}
			if yes == 0 || yes == len(users) {
				b.Fatal("not a mixture of answers")
			}
			for i := 0; b.Loop(); i++ {
				ask(i)
			}
		})
	}
}

func BenchmarkRefresh(b *testing.B) {
	s := city(b)
	for b.Loop() {
		s.Refresh()
	}
}
