// Package cloud reads, writes and checks what an administrator gives to Avaya
// Cloud Services: the profiles that inform clients where their system is, the
// profiles of Spaces Calling, lists of users as CSV, the TXT record that proves
// a domain, and the account address of a system.
package cloud
