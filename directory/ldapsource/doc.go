// Package ldapsource reads users and contacts from LDAP servers: OpenLDAP and
// its kin, Active Directory, and the internal directory of an A5000 PBX.
//
// It has its own search reader. The usual client library decodes every message
// into a tree of packets and hands it from goroutine to goroutine; a full
// reading of 100,000 users costs it 589 allocations an entry. Here an entry is
// decoded in place, in the buffer that it arrived in, by the goroutine that
// asked for it: no queue, no goroutine, a buffer of 256 KiB, and about the speed
// of reading the bare bytes. Filters come from github.com/go-ldap/ldap/v3.
//
// What a reading proves is taken seriously: only a search that ends with
// success, follows no referral and hits no limit of the server ends in a
// [directory.End]. Referrals are never followed, so no credentials ever go to a
// server that is not configured.
//
// Changes are found by the best means that the server has: RFC 4533
// synchronisation, DirSync or uSNChanged; else everything is read, and the sync
// engine compares hashes. See [Method].
package ldapsource
