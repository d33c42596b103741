package gateway_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/driver"
	"github.com/ctikit/ctikit/cti/gateway"
)

// described is a connector that only tells its settings.
type described struct {
	protocol cti.Protocol
	settings driver.LinkSettings
	made     int // tells those with the same settings apart
}

func (d described) Open(context.Context, driver.EventSink) (driver.Session, error) {
	return nil, errors.New("not here")
}
func (d described) Address() string               { return d.settings.Address }
func (d described) Protocol() cti.Protocol        { return d.protocol }
func (d described) Identity() string              { return d.settings.Address + d.settings.Password.Reveal() }
func (d described) Settings() driver.LinkSettings { return d.settings }

func connect(p cti.Protocol, s driver.LinkSettings) (driver.Connector, error) {
	return described{protocol: p, settings: s, made: 1}, nil
}

func exported(t *testing.T) gateway.Config {
	return gateway.Config{
		Links: []gateway.Link{
			{Name: "paris", Location: cti.Location{Site: 1, Cluster: 1}, Serves: []cti.Pattern{{Site: 1, Cluster: cti.Any}}, Capacity: 500, MaxInFlight: 8,
				Connector: described{protocol: cti.VTIXML, settings: driver.LinkSettings{Address: "pbx.example:3199", TLS: true}}},
			{Name: "csta", Capacity: 10, StartRate: 3, Connector: described{protocol: cti.CSTA, settings: driver.LinkSettings{
				Address: "pbx.example:3211", PBX: "A5000", User: "twp", Password: ctikit.NewSecret("link-pw")}}},
		},
		Extensions: []cti.Extension{
			{Number: "4001", User: "alice", Location: cti.Location{Site: 1, Cluster: 1}, Protocol: cti.VTIXML, SetType: cti.DECT, Password: ctikit.NewSecret("1234"), Video: true},
			{Number: "4002", Protocol: cti.CSTA, SetType: cti.I2052, IP: "192.0.2.1"},
		},
	}
}

func gatewayOf(t *testing.T, cfg gateway.Config) *gateway.Gateway {
	gw, err := gateway.New(cfg)
	require.NoError(t, err)
	return gw
}

// parts are the sections by name.
func parts(gw *gateway.Gateway, o gateway.SectionOptions) map[string]ctikit.Section {
	out := map[string]ctikit.Section{}
	for _, s := range gw.Sections(o) {
		out[s.Name] = s
	}
	return out
}

// TestSectionsRoundTrip: what a sealed export brings into an empty gateway is
// what was exported, passwords included; nothing of it stands in clear.
func TestSectionsRoundTrip(t *testing.T) {
	key := ctikit.NewKeyring(ctikit.SealKeyOf([32]byte{1}))
	source, target := gatewayOf(t, exported(t)), gatewayOf(t, gateway.Config{})
	from, to := parts(source, gateway.SectionOptions{Key: key}), parts(target, gateway.SectionOptions{Key: key, Connect: connect})
	for name, items := range map[string]int{"links": 2, "extensions": 2} {
		data, n, err := from[name].Export(t.Context())
		require.NoError(t, err)
		require.Equal(t, items, n)
		require.NotContains(t, string(data), "1234")
		require.NotContains(t, string(data), "link-pw")
		n, err = to[name].Import(t.Context(), ctikit.Import{Data: data, DryRun: true})
		require.NoError(t, err)
		require.Equal(t, items, n)
		version := target.Version()
		_, err = to[name].Import(t.Context(), ctikit.Import{Data: data})
		require.NoError(t, err)
		require.Equal(t, version+1, target.Version(), "the dry run changed nothing, the import did")
	}
	want, got := source.Config(), target.Config()
	require.Len(t, got.Links, len(want.Links))
	for i := range want.Links {
		a, b := want.Links[i], got.Links[i]
		require.Equal(t, a.Connector.Identity(), b.Connector.Identity())
		require.Equal(t, 1, b.Connector.(described).made)
		a.Connector, b.Connector = nil, nil
		require.Equal(t, a, b)
	}
	require.Len(t, got.Extensions, len(want.Extensions))
	for i := range want.Extensions {
		require.True(t, want.Extensions[i].Equal(got.Extensions[i]), "%v, %v", want.Extensions[i], got.Extensions[i])
	}
}

// TestSectionsRedacted: without a key the passwords are not in the document;
// where there are some they stay, and nowhere does "[redacted]" become one.
func TestSectionsRedacted(t *testing.T) {
	gw := gatewayOf(t, exported(t))
	here := parts(gw, gateway.SectionOptions{})
	elsewhere := parts(gatewayOf(t, gateway.Config{}), gateway.SectionOptions{Connect: connect})
	for name, path := range map[string]string{"links": "[1].password", "extensions": "[0].password"} {
		data, _, err := here[name].Export(t.Context())
		require.NoError(t, err)
		require.Contains(t, string(data), `"password":"[redacted]"`)
		other := json.RawMessage(strings.Replace(string(data), `"paris"`, `"paris" `, 1) + " ") // not as exported
		_, err = here[name].Import(t.Context(), ctikit.Import{Data: other})
		require.NoError(t, err)
		_, err = elsewhere[name].Import(t.Context(), ctikit.Import{Data: other})
		require.ErrorIs(t, err, ctikit.ErrRedacted)
		require.ErrorContains(t, err, path)
	}
	require.Equal(t, "1234", gw.Config().Extensions[0].Password.Reveal())
	require.Equal(t, "link-pw", gw.Config().Links[1].Connector.(described).settings.Password.Reveal())
	require.Zero(t, gw.Config().Links[1].Connector.(described).made, "the connector stays: its settings are the same")
}

func TestSectionsMistakes(t *testing.T) {
	key, other := ctikit.NewKeyring(ctikit.SealKeyOf([32]byte{1})), ctikit.NewKeyring(ctikit.SealKeyOf([32]byte{2}))
	sealed, err := key.Seal(ctikit.NewSecret("1234"), ctikit.Binding{Kind: ctikit.BindExtension, ID: "4001"})
	require.NoError(t, err)
	broken := func(cti.Protocol, driver.LinkSettings) (driver.Connector, error) { return nil, nil }
	wrong := func(cti.Protocol, driver.LinkSettings) (driver.Connector, error) {
		return described{protocol: cti.CSTA}, nil
	}
	refused := func(cti.Protocol, driver.LinkSettings) (driver.Connector, error) {
		var ps ctikit.Problems
		ps.Add("addr", "unknown host")
		return nil, ps.Err()
	}
	plain := func(p cti.Protocol, s driver.LinkSettings) (driver.Connector, error) {
		s.TLS = false
		return described{protocol: p, settings: s}, nil
	}
	for name, test := range map[string]struct {
		options        gateway.SectionOptions
		section, data  string
		says, sentinel any
	}{
		"no JSON":             {section: "links", data: `{`, says: "line 1"},
		"unknown field":       {section: "extensions", data: `[{"number":"1","colour":"red"}]`, says: "colour"},
		"as in New":           {section: "extensions", data: `[{"number":"1","protocol":"none"},{"number":"1","protocol":"none"}]`, says: "[1].number: "},
		"another key":         {options: gateway.SectionOptions{Key: other}, section: "extensions", data: `[{"number":"4001","protocol":"VTI-XML","password":"` + sealed + `"}]`, says: "[0].password", sentinel: ctikit.ErrSealed},
		"of another":          {options: gateway.SectionOptions{Key: key}, section: "extensions", data: `[{"number":"4002","protocol":"VTI-XML","password":"` + sealed + `"}]`, says: "[0].password", sentinel: ctikit.ErrSealed},
		"sealed without key":  {section: "extensions", data: `[{"number":"4001","protocol":"VTI-XML","password":"` + sealed + `"}]`, says: "no seal key", sentinel: ctikit.ErrSealed},
		"password elsewhere":  {options: gateway.SectionOptions{Connect: connect}, section: "links", data: `[{"name":"csta","protocol":"CSTA","capacity":1,"address":"evil.example:1","user":"twp","password":"[redacted]"}]`, says: "[0].password", sentinel: ctikit.ErrRedacted},
		"bad address":         {options: gateway.SectionOptions{Connect: connect}, section: "links", data: `[{"name":"a","protocol":"CSTA","capacity":1,"address":"bad"}]`, says: "[0].address: invalid"},
		"refused address":     {options: gateway.SectionOptions{Connect: refused}, section: "links", data: `[{"name":"a","protocol":"CSTA","capacity":1,"address":"a:1"}]`, says: "[0].address: unknown host"},
		"of the other part":   {options: gateway.SectionOptions{Connect: connect}, section: "extensions", data: `[]`, says: "links[0].connector.addr: invalid"},
		"no Connect":          {section: "links", data: `[{"name":"new","protocol":"CSTA","capacity":1,"address":"a:1"}]`, says: "[0].connector: "},
		"Connect makes none":  {options: gateway.SectionOptions{Connect: broken}, section: "links", data: `[{"name":"new","protocol":"CSTA","capacity":1,"address":"a:1"}]`, says: "returned no connector"},
		"wrong protocol":      {options: gateway.SectionOptions{Connect: wrong}, section: "links", data: `[{"name":"new","protocol":"VTI-XML","capacity":1,"address":"a:1"}]`, says: "returned a CSTA connector, want VTI-XML"},
		"TLS is dropped":      {options: gateway.SectionOptions{Connect: plain}, section: "links", data: `[{"name":"new","protocol":"VTI-XML","capacity":1,"address":"a:1","tls":true}]`, says: "requires TLS"},
		"two CSTA links":      {options: gateway.SectionOptions{Connect: connect}, section: "links", data: `[{"name":"a","protocol":"CSTA","capacity":1,"address":"a:1"},{"name":"b","protocol":"CSTA","capacity":1,"address":"b:1"}]`, says: "[1].connector", sentinel: gateway.ErrSecondCSTALink},
		"could not be kept":   {options: gateway.SectionOptions{Save: func(context.Context, gateway.Config) error { return context.DeadlineExceeded }}, section: "extensions", data: `[]`, says: "saving the configuration failed", sentinel: context.DeadlineExceeded},
		"changed in between":  {options: gateway.SectionOptions{}, section: "extensions", data: `[]`, sentinel: ctikit.ErrConflict, says: "version"},
		"a connector is mute": {options: gateway.SectionOptions{}, section: "", says: "[0] \"mute\""},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := exported(t)
			var failed atomic.Bool
			if name == "of the other part" {
				cfg.Links[0].Connector = failing{cfg.Links[0].Connector.(described), &failed}
			}
			gw := gatewayOf(t, cfg)
			failed.Store(true)
			if name == "changed in between" {
				test.options.Save = func(ctx context.Context, _ gateway.Config) error {
					_, err := gw.Apply(ctx, exported(t))
					return err
				}
			}
			var err error
			if test.section == "" {
				mute := gatewayOf(t, gateway.Config{Links: []gateway.Link{{Name: "mute", Capacity: 1, Connector: struct{ driver.Connector }{described{protocol: cti.CSTA}}}}})
				_, _, err = parts(mute, test.options)["links"].Export(t.Context())
			} else {
				_, err = parts(gw, test.options)[test.section].Import(t.Context(), ctikit.Import{Data: json.RawMessage(test.data)})
			}
			require.ErrorContains(t, err, test.says.(string))
			if ps, invalid := errors.AsType[ctikit.Problems](err); invalid {
				for _, p := range ps {
					require.NotRegexp(t, "^(links|extensions)", p.Path, "paths are those in the part")
				}
			}
			if test.sentinel != nil {
				require.ErrorIs(t, err, test.sentinel.(error))
			}
			require.NotContains(t, err.Error(), "1234")
			require.Len(t, gw.Config().Extensions, 2)
			require.Len(t, gw.Config().Links, 2)
		})
	}
}

// TestSectionsPutBack: an import that replaced something is undone by importing
// what was exported before, although the passwords are not in it.
func TestSectionsPutBack(t *testing.T) {
	gw := gatewayOf(t, exported(t))
	for name, s := range parts(gw, gateway.SectionOptions{Connect: connect}) {
		before, _, err := s.Export(t.Context())
		require.NoError(t, err)
		_, err = s.Import(t.Context(), ctikit.Import{Data: json.RawMessage(`[]`)})
		require.NoError(t, err, name)
		_, err = s.Import(t.Context(), ctikit.Import{Data: before})
		require.NoError(t, err, name)
	}
	require.Equal(t, exported(t).Links, gw.Config().Links)
	require.True(t, exported(t).Extensions[0].Equal(gw.Config().Extensions[0]))
}

// TestSectionsObjects: other sections find links and extensions, those in use and
// those that a document brings.
func TestSectionsObjects(t *testing.T) {
	cfg := exported(t)
	cfg.Company = "acme"
	gw := gatewayOf(t, cfg)
	sections := gw.Sections(gateway.SectionOptions{})
	objects := ctikit.NewObjects(t.Context(), sections)
	look := func(kind, id, company string, exists bool) {
		t.Helper()
		got, found, err := objects.Company(kind, id)
		require.NoError(t, err)
		require.Equal(t, exists, found)
		require.Equal(t, company, got)
	}
	look("link", "paris", "acme", true)
	look("link", "lyon", "", false)
	look("extension", "4001", "acme", true)
	look("extension", "9", "", false)
	for i, data := range []string{`[]`, `[{"number":"9","protocol":"none"}]`} {
		_, err := sections[i].Import(t.Context(), ctikit.Import{Data: json.RawMessage(data), DryRun: true, Objects: objects})
		require.NoError(t, err)
	}
	look("link", "paris", "", false)
	look("extension", "4001", "", false)
	look("extension", "9", "acme", true)
}

func (d described) Validate() (err error) {
	if d.settings.Address == "bad" {
		var ps ctikit.Problems
		ps.Add("addr", "invalid")
		err = ps.Err()
	}
	return err
}

// failing is valid until it has failed.
type failing struct {
	described
	failed *atomic.Bool
}

func (f failing) Validate() error {
	if f.failed.Load() {
		f.settings.Address = "bad"
	}
	return f.described.Validate()
}
