# Every package and its tests compile, without cgo, for the platforms of the
# README's hosts; nothing of it is run.
set -euo pipefail
export CGO_ENABLED=0
for platform in linux/amd64 linux/arm64 windows/amd64 darwin/arm64; do
	echo "$platform"
	GOOS=${platform%/*} GOARCH=${platform#*/} go vet ./...
done
