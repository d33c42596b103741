// Package ctikit is the vocabulary that all packages of this module share:
// secrets and the keys that seal them, incidents, problems of an input, and the
// sections of the configuration document.
//
// The module opens and keeps alive links to PBXs (packages csta and vtixml),
// supervises extensions over them (cti/gateway), rewrites numbers (dialplan),
// synchronises people and contacts (directory), signs users in (auth) and
// generates settings files for telephones (provisioning). Each package asks for
// what it needs through small interfaces and knows no other.
package ctikit
