module github.com/ctikit/ctikit/csta/internal/bench

go 1.26.0

replace github.com/ctikit/ctikit => ../../..

require (
	github.com/ctikit/ctikit v0.0.0-00010101000000-000000000000
	github.com/go-asn1-ber/asn1-ber v1.5.8
	github.com/stretchr/testify v1.12.1
)

require go.yaml.in/yaml/v3 v3.0.5 // indirect
