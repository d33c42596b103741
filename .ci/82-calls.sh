# The examples that show calls: screenpop runs to its end; clicktocall calls back
# and stops in good order.
set -euo pipefail
bin=$(mktemp -d)
trap 'rm -rf "$bin"; kill "${server:-}" 2>/dev/null || true' EXIT
go build -o "$bin" ./examples/screenpop ./examples/clicktocall
echo "screenpop"
"$bin/screenpop" | grep 'Paul Durand, Durand SARL' >/dev/null || { echo "screenpop does not name its caller"; exit 1; }
"$bin/screenpop" -json | grep '"state":"answered"' >/dev/null || { echo "screenpop -json does not tell of an answered call"; exit 1; }
echo "clicktocall"
"$bin/clicktocall" -listen 127.0.0.1:0 >"$bin/out" &
server=$!
for _ in $(seq 100); do grep -q 'sign in as' "$bin/out" && break; sleep 0.1; done
url=$(grep -o 'http://[0-9.:]*[0-9]' "$bin/out")
password=$(sed 's/.*password //' "$bin/out")
[ "$(curl -s -o /dev/null -w '%{http_code}' "$url/")" = 401 ] || { echo "clicktocall lets everybody in"; exit 1; }
curl -sf -u "alice:$password" -d 'number=06 12 34 56 78' "$url/call" | grep 'Connected by' >/dev/null || { echo "clicktocall connects nobody"; exit 1; }
kill -INT "$server"
wait "$server" || { echo "clicktocall did not stop in good order"; exit 1; }
