// Package ecma323 is CSTA III over XML (ECMA-323, 3rd to 6th edition) and the
// application sessions that precede it (ECMA-354).
//
// A message is 4 digits of invoke identifier and one XML document. Its root
// names the service, response or event; its children are described by a
// structure: one field for each element, in the order of the schema, and each
// field works in both directions. To add an element, add a field where the
// schema has it; to add a service or an event, add an entry to its table.
//
// What is written is valid against the schema of its edition. What is read may
// lack the declaration and the namespace, have prefixes, another order or a
// vendor's spelling; elements in a namespace that is neither ECMA's nor the
// root's, and unknown elements, are skipped and counted.
// Document type declarations, and so entities, are refused.
//
// # Devices
//
// The text of a device identifier is a number, with its type as an attribute,
// or the switching function representation of ECMA-269 12.3.11:
// N<number>name;parameters. That one is taken apart, except in a connection
// identifier: there it goes back to the switch as it came, as a dynamic
// identifier does.
//
// # Private data
//
// Private data that is XML is passed through unchanged. Any other bytes
// travel in its hexadecimal form, and so come out as bytes again.
package ecma323
