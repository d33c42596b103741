# Every benchmark of the main module once, so that none rots.
set -euo pipefail
out=$(mktemp)
trap 'rm -f "$out"' EXIT
go test -run '^$' -bench . -benchtime 1x ./... >"$out" 2>&1 || { cat "$out"; exit 1; }
grep '^Benchmark' "$out" || echo "no benchmarks yet"
