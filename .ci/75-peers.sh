# The nested module that compares with other libraries: its tests, and each of
# its benchmarks once. It has a go.mod of its own, so that no user downloads them.
set -euo pipefail
cd internal/bench
go vet ./...
go mod tidy -diff
go test -bench . -benchtime 1x ./...
