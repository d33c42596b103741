// Package bench compares the codecs with other libraries. It is a module of its
// own, so that no user ever downloads them, and stands below csta because the
// codecs are internal to it.
//
//	go test -bench . -benchmem
package bench
