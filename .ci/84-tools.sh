# The other example programs: each does what it is for once, and ends with status
# 2 and a message where it is used wrongly.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
go build -o "$dir" ./examples/...
fail() { echo "$1"; exit 1; }

echo "console"
"$dir/console" -once | grep '960 supervised' >/dev/null || fail "console -once does not tell of 960 extensions"
"$dir/console" -for 1s >/dev/null

echo "linkplan"
"$dir/linkplan" | grep 'Unsupervised: 0' >/dev/null || fail "linkplan: the table of the guide does not fit"
"$dir/linkplan" -json | grep '"no-headroom"' >/dev/null || fail "linkplan -json lacks a finding"

echo "dialplan"
echo '+33 1 23 45 67 89' | "$dir/dialplan" -preset FR | grep '00123456789' >/dev/null || fail "dialplan dials something else"
"$dir/dialplan" -preset FR -analyse >/dev/null || fail "dialplan -analyse: the French plan has an error"

echo "dirsync"
printf 'id;login;desk\n17;alee;4001\n18;bray;\n' >"$dir/people.csv"
printf '[{"field":"login","from":["login"]},{"field":"extension","from":["desk"]}]' >"$dir/mapping.json"
"$dir/dirsync" -source "$dir/people.csv" -key id -mapping "$dir/mapping.json" -store "sqlite:$dir/plan.db" -dry-run 2>/dev/null | grep 'created 1' >/dev/null || fail "dirsync plans something else"
[ ! -e "$dir/plan.db" ] || fail "dirsync -dry-run makes a store"
"$dir/dirsync" -source "$dir/people.csv" -key id -mapping "$dir/mapping.json" -store "sqlite:$dir/people.db" 2>/dev/null | grep 'created 1' >/dev/null || fail "dirsync creates nobody"

echo "provision, settings"
printf '{"release":"11.1.3","address":"192.0.2.7","country":"France"}' >"$dir/system.json"
"$dir/provision" -config "$dir/system.json" >"$dir/46xxsettings.txt"
"$dir/settings" eval "$dir/46xxsettings.txt" -var MODEL4=acw | grep 'SIP_CONTROLLER_LIST' >/dev/null || fail "settings: the Windows client gets no controller"

echo "cstadump"
printf 'a10c020101020200d330030a0102\n' >"$dir/link.txt"
"$dir/cstadump" examples/cstadump/link.txt | grep answerCall >/dev/null || fail "cstadump cannot read its recording"
"$dir/cstadump" "$dir/link.txt" | grep systemStatus >/dev/null || fail "cstadump cannot read a request"

echo "wrong flags"
for program in console clicktocall cstadump dialplan dirsync linkplan pbx provision screenpop settings; do
	status=0
	"$dir/$program" -nonsense </dev/null >/dev/null 2>"$dir/err" || status=$?
	[ $status = 2 ] && [ -s "$dir/err" ] || fail "$program -nonsense: status $status, not 2 with a message"
done

echo "help"
for program in gateway console clicktocall cstadump dialplan dirsync linkplan pbx provision screenpop settings; do
	"$dir/$program" -h </dev/null >/dev/null 2>&1 || fail "$program -h: status $?"
done
