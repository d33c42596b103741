# The allocator: 200,000 random histories against the rules written out naively.
set -euo pipefail
go test ./cti/internal/alloc -count=1 -run 'TestSimulation|TestPlantedBugs' -alloc.seeds 200000
