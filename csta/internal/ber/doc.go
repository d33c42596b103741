// Package ber reads and writes BER (ITU-T X.690) without an intermediate tree.
//
// A [Walker] goes through a structure element by element. It works in both
// directions: the same description, a function that names each field's tag and
// the variable that holds it, decodes when the walker was made by [Walker.Read]
// and encodes when it was made by [Walker.Write]. So a grammar is written down
// once, and what is read is what is written.
//
// Reading is liberal: any form of length (indefinite too), elements that the
// description does not name are skipped and counted. Writing is strict:
// definite, minimal lengths. Nothing is allocated in either direction but what
// the caller's variables need; what is read aliases the input.
//
// String types in constructed form (segments) are not read: no CSTA peer is
// known to send them, and each would have to be copied together.
package ber
