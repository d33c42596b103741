// Package readme holds the pages of the repository to the code: every Go block
// of README.md and docs/ is compiled, those that are tests are run, links lead
// somewhere, and the recorded view of the gateway is what the program prints.
package readme
