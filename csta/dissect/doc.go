// Package dissect shows what CSTA messages say: it reads hexadecimal lines, a
// raw stream (with the start of the OmniPCX Office or without), XML documents or
// a recorded link (csta.Config.Record), finds the framing, the phase and the
// encoding by itself, and gives one [PDU] for each message, as a tree with the
// names of the fields or as JSON. What cannot be decoded is a PDU too, with the
// place of the first bad byte.
//
// examples/cstadump is it as a program.
package dissect
