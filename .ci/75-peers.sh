# The nested module that compares with other libraries: its tests, each of its
# benchmarks once, and all figures that take no long, of which ratios and counts
# of allocations must be kept. It has a go.mod of its own, so that no user
# downloads the others.
set -euo pipefail
cd internal/bench
go vet ./...
go mod tidy -diff
go test ./...
go test -run '^$' -bench . -benchtime 1x ./... # apart, since 1x would count for what tests measure too
go run ./figures -quick -gate
