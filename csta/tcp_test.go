package csta_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"math/big"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/csta"
	"github.com/ctikit/ctikit/csta/cstatest"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/ctitest"
	"github.com/ctikit/ctikit/cti/driver"
	"github.com/ctikit/ctikit/cti/driver/drivertest"
)

// overTCP is a harness on a loopback socket.
func overTCP(t testing.TB, secure bool) drivertest.Harness {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	cfg := csta.Config{Addr: listener.Addr().String(), Profile: csta.Generic3}
	if secure {
		certificate, pool := certified(t)
		listener = tls.NewListener(listener, &tls.Config{Certificates: []tls.Certificate{certificate}})
		cfg.TLS = &tls.Config{RootCAs: pool}
	}
	network := ctitest.NewNetwork(ctitest.Options{})
	port := network.Link("csta", ctitest.LinkOptions{Protocol: cti.CSTA, GlobalCallIDs: true, HideLimit: true,
		Escape: func(data []byte) ([]byte, error) { return data, nil }})
	server := cstatest.Serve(listener, port, csta.Generic3)
	t.Cleanup(func() { server.Close() })
	other := cfg
	other.Addr = "127.0.0.2:3211"
	return withSettings(drivertest.Harness{Network: network, Link: port, Connector: cfg, Same: cfg,
		Different: []driver.Connector{other}}, cfg)
}

// certified is a certificate for the loopback address that signs itself.
func certified(t testing.TB) (tls.Certificate, *x509.CertPool) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	about := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature}
	der, err := x509.CreateCertificate(rand.Reader, about, about, key.Public(), key)
	require.NoError(t, err)
	parsed, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	pool := x509.NewCertPool()
	pool.AddCert(parsed)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pool
}
