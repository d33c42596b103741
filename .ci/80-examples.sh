# The gateway example: the demonstration, real links (those of the pbx example),
# the whole configuration exported and imported, mistakes.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"; kill "${pbx:-}" 2>/dev/null || true' EXIT
go build -o "$dir" ./examples/gateway ./examples/pbx
fail() { echo "$1"; exit 1; }

echo "the demonstration"
"$dir/gateway" | tail -3
"$dir/gateway" -json | grep '"supervised":960' >/dev/null || fail "gateway -json does not tell of 960 extensions"

echo "real links"
"$dir/pbx" -vtixml 127.0.0.1:0 -csta-ber 127.0.0.1:0 -ring 1s >"$dir/pbx.out" &
pbx=$!
for _ in $(seq 100); do grep -q '^VTI-XML on' "$dir/pbx.out" && break; sleep 0.1; done
port() { sed -n "s/^$1 on //p" "$dir/pbx.out"; }
sed -e "s/127.0.0.1:3199/$(port VTI-XML)/" -e "s/127.0.0.1:3211/$(port 'Generic CSTA III')/" examples/pbx/site.json >"$dir/site.json"
"$dir/gateway" -config "$dir/site.json" -json | grep '"supervised":10,' >/dev/null || fail "gateway -config does not supervise the PBX's 10 extensions"
"$dir/gateway" -config "$dir/site.json" >"$dir/events" &
watching=$!
for _ in $(seq 300); do grep -q 'Delivered 4001' "$dir/events" && break; sleep 0.1; done
kill -INT "$watching"
wait "$watching" || fail "gateway -config did not stop in good order"
grep -q 'Delivered 4001' "$dir/events" || fail "gateway -config shows no call"
kill -INT "$pbx"
wait "$pbx" || fail "pbx did not stop in good order"

echo "the whole configuration"
printf '%064d\n' 7 >"$dir/key"
"$dir/gateway" -export "$dir/all.json" -key "$dir/key" | grep 'Exporting extensions... 960 done' >/dev/null
"$dir/gateway" -import "$dir/all.json" -key "$dir/key" | grep 'Nothing was changed' >/dev/null
"$dir/gateway" -import "$dir/all.json" -key "$dir/key" -yes | grep 'supervised: 960 of 960' >/dev/null

echo "mistakes"
for wrong in "-nonsense" "more" "-config $dir/none.json" "-config $dir/key" "-key $dir/all.json"; do
	status=0
	# shellcheck disable=SC2086
	"$dir/gateway" $wrong >/dev/null 2>"$dir/err" || status=$?
	[ $status = 2 ] && [ -s "$dir/err" ] || fail "gateway $wrong: status $status, not 2 with a message"
done
