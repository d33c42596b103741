# The gateway's simulation and the call model's lives, and the bugs planted into
# the source that they must find.
set -euo pipefail
# run NAME PACKAGE fails, too, where the package has no such test.
run() {
	local out
	out=$(go test -count=1 "$2" -run "^$1\$") || { echo "$out"; return 1; }
	echo "$out"
	case $out in *"no tests to run"*) return 1 ;; esac
}
export CTIKIT_SIMULATIONS="${CTIKIT_SIMULATIONS:-2000}"
run TestSimulation ./cti/gateway
CTIKIT_LIVES=50000 run TestCallModelFollowsThePBX ./cti
CTIKIT_MUTANTS=1 run TestMutants ./cti/gateway
