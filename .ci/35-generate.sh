# What `go generate` writes is checked in: generating it changes nothing.
set -euo pipefail
sums() { find . -name '*_gen.go' -not -path './.git/*' -print0 | sort -z | xargs -0r sha256sum; }
before=$(sums)
go generate ./...
if [ "$before" != "$(sums)" ]; then
	echo "generated files differ from what is checked in; commit what go generate ./... writes:"
	diff <(echo "$before") <(sums) || true
	exit 1
fi
