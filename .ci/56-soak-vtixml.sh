# Two VTI-XML links over TCP that drop, stall, lose answers, answer late and send
# garbage, in real time (SOAK, default 20s); the picture must be the PBX's in the end.
set -euo pipefail
CTIKIT_SOAK="${SOAK:-20s}" go test -race -count=1 -v ./vtixml -run '^TestSoakOverTCP$' | grep -v '^=== '
