// Package directory keeps the people and numbers of a telephony installation:
// companies, domains, groups, users with their extensions, directories of
// contacts; it fills them from other directories and names callers from them.
//
// # The parts
//
//   - [Registry] keeps the objects in a [Store] and checks on every change that
//     companies share nothing (TWP guide 6.1).
//   - [Index] answers "who is this number?" at memory speed and searches by
//     name. A [View] is an index with one reader's rights.
//   - [Source] yields entries of another directory. Package ldapsource reads
//     LDAP, Active Directory and the A5000's internal directory, sqlsource any
//     database/sql driver, csvsource files.
//   - [Import] says how entries become users or contacts; [Sync] compares a
//     source with what is stored and makes a [Plan]; applying the plan is a
//     second step. Nothing is removed unless the reading proved complete and
//     the number of removals is below the import's limits.
//   - [Document] exports and imports a complete configuration.
//
// # Start here
//
//	index := directory.NewIndex(directory.Numbering{Country: "33", NationalPrefix: "0"})
//	index.Replace(contacts)
//	name, ok := index.View("acme", rights).CallerName("0155171889", "+33155171889")
//
// Times are UTC. The application chooses identifiers, which are opaque strings.
package directory
