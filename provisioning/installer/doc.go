// Package installer writes the command lines that install and remove the
// Workplace clients for Windows and macOS (notes ch. 5 and 11). The values go
// into scripts and group policies, so a value that could end its quotes, or that
// a shell would replace, is refused rather than escaped by guess.
package installer
