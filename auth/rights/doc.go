// Package rights holds authorisations (TWP guide 7.4): which user or group may
// use an application, see a directory, see the statistics and recordings of
// whom, or whatever else a host program protects.
//
//	set, err := rights.New(rights.Config{Subjects: dir, Licences: licences})
//	err = set.Grant(
//		rights.Grant{To: rights.Group("all"), On: rights.Object{Type: rights.Application, ID: "caller"}},
//		rights.Grant{To: rights.User("alice"), On: rights.Of(rights.Statistics, rights.Group("sales"))},
//	)
//	set.Can("bob", rights.Application, "caller")   // fast enough for every event
//	set.Can("alice", rights.Statistics, "bob")
//
// Statistics and recordings work the other way round: the one who receives the
// right is a user, and the object is a user or group whose statistics may be
// seen ([Of]). A host program can add types of either kind; package presence takes its
// CanSee from a [View].
//
// Nothing crosses companies: a grant that would is ErrCrossCompany, and a
// membership that does, made elsewhere later, gives no right.
//
// A grant on an application consumes one licence for each enabled user whom it
// reaches, directly or by a group, each once (TWP guide 7.4.1), where Config has
// a licence source. A grant that would exceed the licences is refused completely. If
// memberships grow later, those who have a licence keep it, the newcomers are
// refused, in the order of their keys, and an incident names them to their
// company.
//
// The guide has one licence file for each machine and companies that share
// nothing, and does not say whose licences they are. Here a company may have
// licences of its own, which are counted for it alone; those of the others are
// shared, first come, first served. An installation whose companies shall not
// feel each other gives each its own.
//
// Rights are kept as an index that is compiled when grants change; after users,
// groups or certificates have changed a host program calls [Set.Refresh].
package rights
