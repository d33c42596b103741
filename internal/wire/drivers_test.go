package wire_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/csta"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/driver"
	"github.com/ctikit/ctikit/cti/gateway"
	"github.com/ctikit/ctikit/vtixml"
)

// settings are what a link of either driver is made of.
type settings struct {
	addr       string
	tls        *tls.Config
	dial       func(ctx context.Context, network, address string) (net.Conn, error)
	maxMessage int
}

// drivers make a connector of each driver.
var drivers = map[string]func(settings) driver.Connector{
	"csta": func(s settings) driver.Connector {
		return csta.Config{Addr: s.addr, TLS: s.tls, Dial: s.dial, MaxMessage: s.maxMessage}
	},
	"vtixml": func(s settings) driver.Connector {
		return vtixml.Config{Addr: s.addr, TLS: s.tls, Dial: s.dial, MaxMessage: s.maxMessage}
	},
}

type sink struct{}

func (sink) Event(*cti.Event) {}

// badHosts are addresses that cannot work, and what is taken for their host.
var badHosts = map[string]string{
	" pbx": " pbx", "pbx ": "pbx ", "pbx\nx": "pbx\nx", "p bx:3211": "p bx", "pbx\u00a0:3211": "pbx\u00a0", "pbx\x00": "pbx\x00",
	"/tmp/x.sock": "/tmp/x.sock", "user@pbx:3211": "user@pbx", ".": ".", "a..b": "a..b", ".pbx:1": ".pbx", "pbx..": "pbx..",
	"-": "-", "-pbx": "-pbx", "pbx-.example": "pbx-.example", "a:b:c": "a:b:c", "pbx:3211:5": "pbx:3211:5", "[a:b]:5": "a:b",
	"[fe80::1%eth 0]:5": "fe80::1%eth 0", "[fe80::1%]:5": "fe80::1%", "tcp://pbx:3211": "tcp://pbx:3211", "[[::1]]": "[::1]",
}

// TestSettingsAreChecked: what is wrong is reported with its path before
// anything is dialled, by Validate, Open and the gateway.
func TestSettingsAreChecked(t *testing.T) {
	for name, connector := range drivers {
		type row struct {
			settings
			path, message string
		}
		table := []row{
			{settings{addr: ""}, "addr", "missing"},
			{settings{addr: "pbx:"}, "addr", `invalid port ""`},
			{settings{addr: "pbx:99999"}, "addr", `invalid port "99999"`},
			{settings{addr: "pbx:0"}, "addr", `invalid port "0"`},
			{settings{addr: "pbx:http"}, "addr", `invalid port "http"`},
			{settings{addr: ":3211"}, "addr", `missing host, got ":3211"`},
			{settings{addr: "[]"}, "addr", `missing host, got "[]"`},
			{settings{addr: "[::1"}, "addr", `invalid host "[::1"`},
			{settings{addr: "pbx", maxMessage: -5}, "maxMessage", "must be between 1 and 1073741824, got -5"},
			{settings{addr: "pbx", maxMessage: 1<<30 + 1}, "maxMessage", "must be between 1 and 1073741824, got 1073741825"},
		}
		for addr, host := range badHosts {
			table = append(table, row{settings{addr: addr}, "addr", fmt.Sprintf("invalid host %q", host)})
		}
		for _, test := range table {
			for _, ownDial := range []bool{false, true} {
				t.Run(fmt.Sprintf("%s %q %d %t", name, test.addr, test.maxMessage, ownDial), func(t *testing.T) {
					s := test.settings
					if ownDial {
						s.dial = func(context.Context, string, string) (net.Conn, error) {
							t.Error("dialled")
							return nil, net.ErrClosed
						}
					}
					c := connector(s)
					require.Equal(t, ctikit.Problems{{Severity: ctikit.SeverityError, Path: test.path, Message: test.message}}, c.Validate())
					_, err := c.Open(t.Context(), sink{})
					require.ErrorIs(t, err, ctikit.ErrInvalid)
					require.ErrorContains(t, err, test.path+": "+test.message)
					require.True(t, cti.SafeToRetry(err))

					cfg := gateway.Config{Links: []gateway.Link{{Name: "a", Capacity: 1, Connector: c}}}
					_, err = gateway.New(cfg)
					require.ErrorContains(t, err, "links[0].connector."+test.path+": "+test.message)
					gw, err := gateway.New(gateway.Config{})
					require.NoError(t, err)
					_, err = gw.Plan(cfg)
					require.ErrorContains(t, err, "links[0].connector."+test.path+": "+test.message)
				})
			}
		}
	}
	require.NoError(t, csta.Config{Addr: "pbx", Profile: csta.Profile{Version: -1}, Dial: dialled}.Validate(), "a Dial function may need no port")
	require.EqualError(t, csta.Config{Addr: "pbx", Profile: csta.Profile{Version: -1}}.Validate(), `addr: invalid port "0"`)
	require.EqualError(t, csta.Config{MaxMessage: -1, LeaveOut: []cti.Kind{cti.Established}}.Validate(),
		"addr: missing\nmaxMessage: must be between 1 and 1073741824, got -1\nleaveOut[0]: Established is required")
	require.EqualError(t, vtixml.Config{MaxInFlight: -1}.Validate(), "addr: missing\nmaxInFlight: must be between 1 and 16384, got -1")
}

func TestAddress(t *testing.T) {
	for addr, want := range map[string]string{
		"pbx": "pbx:%d", "10.0.0.1": "10.0.0.1:%d", "::1": "[::1]:%d", "[::1]": "[::1]:%d", "2001:db8::1": "[2001:db8::1]:%d",
		"fe80::1%eth0": "[fe80::1%%eth0]:%d", "pbx:4000": "pbx:4000", "[::1]:5": "[::1]:5",
		"pbx.example.": "pbx.example.:%d", "pbx_1-a": "pbx_1-a:%d", "bücher.example:1": "bücher.example:1", "::ffff:10.0.0.1": "[::ffff:10.0.0.1]:%d",
	} {
		for name, port := range map[string]int{"csta": 3211, "vtixml": vtixml.DefaultPort} {
			c := drivers[name](settings{addr: addr})
			if bytes.Contains([]byte(want), []byte("%d")) {
				require.Equal(t, fmt.Sprintf(want, port), c.Address())
			} else {
				require.Equal(t, want, c.Address())
			}
			require.NoError(t, c.Validate())
		}
	}
}

func dialled(context.Context, string, string) (net.Conn, error) { return nil, net.ErrClosed }

// accept returns a function that has captured a name: two of them are two
// closures of one piece of code.
func accept(name string) func(tls.ConnectionState) error {
	return func(s tls.ConnectionState) error {
		if s.ServerName != name {
			return net.ErrClosed
		}
		return nil
	}
}

// changed returns values of a field of tls.Config that differ from each other
// and from the zero value.
func changed(t *testing.T, f reflect.StructField) []any {
	switch f.Name {
	case "Certificates":
		return []any{[]tls.Certificate{{Certificate: [][]byte{{1}}}}, []tls.Certificate{{Certificate: [][]byte{{2}}}}, make([]tls.Certificate, 1)}
	case "VerifyConnection", "EncryptedClientHelloRejectionVerify":
		return []any{accept("a"), accept("b")}
	case "RootCAs", "ClientCAs":
		return []any{x509.NewCertPool(), x509.NewCertPool()}
	case "KeyLogWriter", "Rand":
		return []any{new(bytes.Buffer), new(bytes.Buffer)}
	case "ClientSessionCache":
		return []any{tls.NewLRUClientSessionCache(1), tls.NewLRUClientSessionCache(1)}
	case "NameToCertificate":
		return []any{map[string]*tls.Certificate{}, map[string]*tls.Certificate{}}
	case "NextProtos":
		return []any{[]string{"a", "b"}, []string{"ab"}, []string{}}
	}
	one, two := reflect.New(f.Type).Elem(), reflect.New(f.Type).Elem()
	switch f.Type.Kind() {
	case reflect.Bool:
		return []any{true}
	case reflect.String:
		return []any{"a", "b"}
	case reflect.Int:
		one.SetInt(1)
		two.SetInt(2)
	case reflect.Uint16:
		one.SetUint(1)
		two.SetUint(2)
	case reflect.Slice:
		return []any{reflect.MakeSlice(f.Type, 0, 0).Interface(), reflect.MakeSlice(f.Type, 1, 1).Interface(), reflect.MakeSlice(f.Type, 2, 2).Interface()}
	case reflect.Array:
		one.Index(0).SetUint(1)
		two.Index(0).SetUint(2)
	case reflect.Func:
		return []any{reflect.MakeFunc(f.Type, nil).Interface(), reflect.MakeFunc(f.Type, nil).Interface()}
	default:
		t.Fatalf("tls.Config.%s: a kind that the test does not know: %v", f.Name, f.Type)
	}
	return []any{one.Interface(), two.Interface()}
}

// TestIdentityCountsAllOfTLS: each field of a TLS configuration is part of the
// identity of a link, those that a later release of Go adds included.
func TestIdentityCountsAllOfTLS(t *testing.T) {
	for name, connector := range drivers {
		base := connector(settings{addr: "pbx", tls: &tls.Config{}})
		require.Equal(t, base.Identity(), connector(settings{addr: "pbx", tls: &tls.Config{}}).Identity(), name)
		require.NotEqual(t, base.Identity(), connector(settings{addr: "pbx"}).Identity(), name)
		seen := map[string]string{base.Identity(): "the zero value"}
		for _, f := range reflect.VisibleFields(reflect.TypeFor[tls.Config]()) {
			if !f.IsExported() {
				continue
			}
			for i, v := range changed(t, f) {
				c := new(tls.Config)
				reflect.ValueOf(c).Elem().FieldByIndex(f.Index).Set(reflect.ValueOf(v))
				id := connector(settings{addr: "pbx", tls: c}).Identity()
				require.Equal(t, id, connector(settings{addr: "pbx", tls: c.Clone()}).Identity(), "%s: %s in a copy", name, f.Name)
				require.Empty(t, seen[id], "%s: %s, value %d", name, f.Name, i)
				seen[id] = f.Name
			}
		}
	}
}

// TestIdentityOfCertificates: reading a certificate again changes nothing.
func TestIdentityOfCertificates(t *testing.T) {
	for name, connector := range drivers {
		with := func(c tls.Certificate) string {
			return connector(settings{addr: "pbx", tls: &tls.Config{Certificates: []tls.Certificate{c}}}).Identity()
		}
		der := [][]byte{{1, 2, 3}}
		once := with(tls.Certificate{Certificate: der, PrivateKey: new(int), Leaf: new(x509.Certificate)})
		require.Equal(t, once, with(tls.Certificate{Certificate: der, PrivateKey: new(int)}), name)
		require.NotEqual(t, once, with(tls.Certificate{Certificate: append(der, der...)}), name)
		require.NotEqual(t, once, with(tls.Certificate{Certificate: der, OCSPStaple: []byte{1}}), name)
		require.NotEqual(t, once, with(tls.Certificate{Certificate: der, SignedCertificateTimestamps: [][]byte{{1}}}), name)
		require.NotEqual(t, once, with(tls.Certificate{Certificate: der, SupportedSignatureAlgorithms: []tls.SignatureScheme{tls.Ed25519}}), name)
	}
}

// TestIdentityOfFunctionsAndWriters: Dial and a recording count by identity.
func TestIdentityOfFunctionsAndWriters(t *testing.T) {
	dial := func(name string) func(context.Context, string, string) (net.Conn, error) {
		return func(context.Context, string, string) (net.Conn, error) { return nil, fmt.Errorf("dialled %s", name) }
	}
	for name, connector := range drivers {
		a, b := dial("a"), dial("b")
		ids := map[string]bool{}
		for _, d := range []func(context.Context, string, string) (net.Conn, error){nil, dialled, a, b} {
			ids[connector(settings{addr: "pbx", dial: d}).Identity()] = true
			require.Equal(t, connector(settings{addr: "pbx", dial: d}).Identity(), connector(settings{addr: "pbx", dial: d}).Identity(), name)
		}
		require.Len(t, ids, 4, name)
	}
	var one, two bytes.Buffer
	recorded := csta.Config{Addr: "pbx", Record: &one}
	require.Equal(t, recorded.Identity(), csta.Config{Addr: "pbx", Record: &one}.Identity())
	require.NotEqual(t, recorded.Identity(), csta.Config{Addr: "pbx", Record: &two}.Identity())
	require.NotEqual(t, recorded.Identity(), csta.Config{Addr: "pbx"}.Identity())
}

// TestChangedSecurityReopensTheLink: verification that is turned on, and a
// recording that is started, take effect by Plan and Apply.
func TestChangedSecurityReopensTheLink(t *testing.T) {
	loose, strict := &tls.Config{InsecureSkipVerify: true}, &tls.Config{ServerName: "pbx.example", RootCAs: x509.NewCertPool()}
	pairs := map[string][2]driver.Connector{
		"csta recording": {csta.Config{Addr: "127.0.0.1:1"}, csta.Config{Addr: "127.0.0.1:1", Record: new(bytes.Buffer)}},
	}
	for name, connector := range drivers {
		pairs[name+" TLS"] = [2]driver.Connector{connector(settings{addr: "127.0.0.1:1", tls: loose}), connector(settings{addr: "127.0.0.1:1", tls: strict})}
	}
	for name, pair := range pairs {
		t.Run(name, func(t *testing.T) {
			config := func(c driver.Connector) gateway.Config {
				return gateway.Config{Links: []gateway.Link{{Name: "a", Capacity: 1, Connector: c}}}
			}
			gw, err := gateway.New(config(pair[0]))
			require.NoError(t, err)
			planned, err := gw.Plan(config(pair[1]))
			require.NoError(t, err)
			require.Equal(t, []string{"a"}, planned.LinksReopened)
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			done := make(chan error, 1)
			go func() { done <- gw.Run(ctx) }()
			change, err := gw.Apply(ctx, config(pair[1]))
			require.NoError(t, err)
			require.Equal(t, []string{"a"}, change.LinksReopened)
			cancel()
			<-done
		})
	}
}
