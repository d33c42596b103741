package rights_test

import (
	"fmt"
	"iter"

	"github.com/ctikit/ctikit/auth/rights"
)

// firm is the host's directory: alice and bob in sales.
type firm struct{}

func (firm) Users() iter.Seq2[string, bool] {
	return func(yield func(string, bool) bool) { _ = yield("alice", true) && yield("bob", true) }
}
func (firm) Groups(string) []string { return []string{"sales"} }
func (firm) Company(string) string  { return "acme" }

// paid is a licence source: one user of every application in each company.
type paid struct{}

func (paid) Seats(_, _ string) (int, bool) { return 1, true }

func ExampleSet_Grant() {
	set, err := rights.New(rights.Config{Subjects: firm{}, Licences: paid{}})
	if err != nil {
		fmt.Println(err)
		return
	}
	statistics := rights.Of(rights.Statistics, rights.Group("sales"))
	fmt.Println(set.Grant(rights.Grant{To: rights.User("alice"), On: statistics}))
	fmt.Println(set.Can("alice", rights.Statistics, "bob"), set.Can("bob", rights.Statistics, "alice"))

	caller := rights.Object{Type: rights.Application, ID: "caller"}
	fmt.Println(set.Grant(rights.Grant{To: rights.Group("sales"), On: caller}))
	// Output:
	// <nil>
	// true false
	// rights: application "caller": 2 users of company "acme" need a licence, 1 available, 1 missing
}

// Why somebody may see somebody else's statistics.
func ExampleSet_Explain() {
	set, err := rights.New(rights.Config{Subjects: firm{}})
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := set.Grant(rights.Grant{To: rights.User("alice"), On: rights.Of(rights.Statistics, rights.Group("sales"))}); err != nil {
		fmt.Println(err)
		return
	}
	for _, path := range set.Explain("alice", rights.Statistics, "bob") {
		fmt.Println(path.Grant.To, "may see", path.Grant.On, "and bob is of", path.Of)
	}
	fmt.Println(len(set.Explain("bob", rights.Statistics, "alice")), "paths the other way")
	// Output:
	// user alice may see statistics of group sales and bob is of [sales]
	// 0 paths the other way
}
