# The README's test command, exactly as written there.
set -euo pipefail
grep -qxF 'go test ./...' README.md || { echo "README.md no longer names the test command 'go test ./...'"; exit 1; }
go test ./...
