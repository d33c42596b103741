# Every example program that shows something by itself runs to its end.
set -euo pipefail
bin=$(mktemp -d)
trap 'rm -rf "$bin"' EXIT
go build -o "$bin" ./examples/...
echo "gateway"
"$bin/gateway" | tail -3
"$bin/gateway" -json | grep -q '"supervised":960' || { echo "gateway -json does not tell of 960 extensions"; exit 1; }
if "$bin/gateway" -nonsense 2>/dev/null; then echo "gateway takes a wrong flag"; exit 1; fi
