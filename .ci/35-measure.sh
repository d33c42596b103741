# The figures of the source code, compared with internal/measure/limits.txt by a
# test of internal/measure, and the files on an event's way.
set -euo pipefail
go run ./internal/measure -total
go run ./internal/measure -path event
