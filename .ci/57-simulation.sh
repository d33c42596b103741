# The gateway in virtual time through thousands of random failures, more than
# `go test ./...` takes the time for, and bugs planted to see that it finds them.
set -euo pipefail
CTIKIT_SIMULATIONS="${CTIKIT_SIMULATIONS:-2000}" go test -count=1 ./cti -run '^TestSimulation$'
CTIKIT_LIVES=50000 go test -count=1 ./cti -run '^TestCallModelFollowsThePBX$'
CTIKIT_MUTANTS=1 go test -count=1 ./cti -run '^TestMutants$'
