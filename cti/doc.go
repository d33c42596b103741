// Package cti supervises extensions of a PBX network over any number of links
// and gives call control and events per extension.
package cti
