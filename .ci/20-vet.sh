# go vet, and go.mod as `go mod tidy` would leave it.
set -euo pipefail
go vet ./...
go mod tidy -diff
go mod verify
