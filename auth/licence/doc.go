// Package licence verifies licence certificates: how many users may use which
// application, on which machine, until when (TWP guide 3.3.1 and 3.3.2); where
// several companies share a machine, for each of them or for all together. A
// certificate is signed with Ed25519 by the vendor of the host program and bound to the
// fingerprint of a machine, which the host supplies. *[Licences] is the licence
// source of package auth/rights, which counts.
//
// A certificate that is not in force counts as no seats at all; [Licences.Status]
// says which of the guide's four states holds, and why.
package licence
