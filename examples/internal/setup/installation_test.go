package setup

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/auth"
	"github.com/ctikit/ctikit/auth/params"
	"github.com/ctikit/ctikit/auth/rights"
	"github.com/ctikit/ctikit/cti/forwardrules"
	"github.com/ctikit/ctikit/dialplan"
	"github.com/ctikit/ctikit/directory"
)

// installed is an installation with something in every part.
func installed(t *testing.T, key *ctikit.Keyring) *Installation {
	ctx := t.Context()
	s, err := Read("", nil)
	require.NoError(t, err)
	in, err := Install(ctx, s, key)
	require.NoError(t, err)
	for _, err := range []error{
		in.Accounts.SetPassword(ctx, "alice", ctikit.NewSecret("correct horse battery"), false),
		in.Parameters.Set(params.User("alice"), auth.MethodsParameter, "TWS"),
		in.Rights.Grant(rights.Grant{To: rights.User("alice"), On: rights.Of(rights.Statistics, rights.User("karim"))}),
		in.Rules.SetRules("2000", []forwardrules.Rule{{Name: "evening", To: "2001"}}),
		in.Registry.Lists.Save(ctx, directory.ContactList{ID: "list", Company: "ACME", User: "alice", Name: "mine"}),
		in.Registry.Imports.Save(ctx, directory.Import{ID: "hr", Company: "ACME", Domain: "demonstration", Directory: contactsID, Key: "id",
			Type: directory.CSV, Target: directory.ToUsers, Mode: directory.InsertUpdate, Password: ctikit.NewSecret("bind-pw"),
			Mapping: directory.Mapping{{Field: directory.FieldLogin, From: []string{"login"}}, {Field: directory.FieldWork, From: []string{"work"}}}}),
	} {
		require.NoError(t, err)
	}
	return in
}

// parts are the sections of an exported document, by name.
func parts(t *testing.T, in *Installation) (text []byte, out map[string]string) {
	var b bytes.Buffer
	document := in.Document()
	_, err := document.Export(t.Context(), &b)
	require.NoError(t, err)
	var file struct {
		Sections []struct {
			Name  string
			Items int
			Data  json.RawMessage
		}
	}
	require.NoError(t, json.Unmarshal(b.Bytes(), &file))
	out = map[string]string{}
	for _, s := range file.Sections {
		require.Equal(t, s.Name == "dialplans", s.Items == 0, s.Name) // the plan has no rule of its own
		out[s.Name] = string(s.Data)
	}
	return b.Bytes(), out
}

// TestRoundTrip: an empty installation that imports what another exported is the
// same, people and their passwords included.
func TestRoundTrip(t *testing.T) {
	key := ctikit.NewKeyring(ctikit.SealKeyOf([32]byte{7}))
	from := installed(t, key)
	text, want := parts(t, from)
	for _, secret := range []string{"0000\"", "correct horse", "bind-pw", "argon2"} {
		require.NotContains(t, string(text), secret)
	}
	bare, err := dialplan.Parse([]byte("{}"))
	require.NoError(t, err)
	to, err := Install(t.Context(), &Settings{File: File{Company: "ACME"}, Plan: dialplan.NewCurrent(bare)}, key)
	require.NoError(t, err)
	document := to.Document()
	_, err = document.Import(t.Context(), bytes.NewReader(text), directory.ImportOptions{})
	require.ErrorIs(t, err, directory.ErrNotConfirmed)
	steps, err := document.Import(t.Context(), bytes.NewReader(text), directory.ImportOptions{Confirm: true})
	require.NoError(t, err, steps)

	fromCfg, toCfg := from.Gateway.Config(), to.Gateway.Config()
	require.Len(t, toCfg.Extensions, len(fromCfg.Extensions))
	for i := range fromCfg.Extensions {
		require.True(t, fromCfg.Extensions[i].Equal(toCfg.Extensions[i]))
	}
	for i := range fromCfg.Links {
		require.Equal(t, fromCfg.Links[i].Connector.Identity(), toCfg.Links[i].Connector.Identity())
	}
	require.Equal(t, []string{everybody}, to.subjects.Groups("alice"))
	require.True(t, to.Rights.Can("alice", rights.Directory, contactsID))
	require.NoError(t, signIn(t.Context(), to, "alice", "correct horse battery"))
	require.Error(t, signIn(t.Context(), to, "alice", "[redacted]"))

	_, again := parts(t, to)
	for name := range want {
		if name != "links" && name != "extensions" && name != "accounts" && name != "imports" { // sealed anew, compared above
			require.JSONEq(t, want[name], again[name], name)
		}
	}
	require.Len(t, again, 15)
}

func signIn(ctx context.Context, in *Installation, login, password string) error {
	chain, err := in.Chain()
	if err != nil {
		return err
	}
	_, err = chain.SignIn(ctx, auth.Attempt{Login: login, Password: ctikit.NewSecret(password), Remote: "192.0.2.1:1"})
	return err
}

func TestDirectoryOfAnotherCompany(t *testing.T) {
	in, ctx := installed(t, ctikit.NewKeyring(ctikit.SealKeyOf([32]byte{7}))), t.Context()
	require.NoError(t, in.Registry.Companies.Save(ctx, directory.Company{ID: "other", Name: "Other"}))
	require.NoError(t, in.Registry.Directories.Save(ctx, directory.Directory{ID: "theirs", Company: "other", Name: "Theirs"}))
	require.NoError(t, in.subjects.Refresh(ctx))
	err := in.Rights.Grant(rights.Grant{To: rights.User("alice"), On: rights.Object{Type: rights.Directory, ID: "theirs"}})
	require.ErrorIs(t, err, ctikit.ErrCrossCompany)
}

// A problem's path has the name of its section once, whatever is wrong.
func TestPathsOfProblems(t *testing.T) {
	in := installed(t, ctikit.NewKeyring(ctikit.SealKeyOf([32]byte{7})))
	document := in.Document()
	wrong := map[string]string{ // as far as each section goes on its own
		"links":          `[{"name":"a","protocol":"CSTA","capacity":0,"address":"pbx:99999"}]`,
		"extensions":     `[{"number":"1","protocol":"none"},{"number":"1","protocol":"none"}]`,
		"dialplans":      `{"NationalLength":"many"}`,
		"accounts":       `[{"user":""},{"user":"nobody"}]`,
		"parameters":     `[{"scope":"planet","id":"x","name":"AuthMethods","value":"Nome"}]`,
		"authorizations": `{"grants":[{"type":"application","id":"x"}]}`,
		"rules":          `{"":[{"name":"x","type":"all"}],"4001":[{"name":"","type":"never"}]}`,
	}
	want := map[string]string{
		"links": "links[0].address: ", "extensions": "extensions[1].number: ", "accounts": "accounts[1].hash: ",
		"parameters": "parameters[0].value[0]: ", "authorizations": "authorizations.grants[0]: ", "rules": "rules.4001.rules[0].type: ",
	}
	for _, s := range document.Sections {
		for _, data := range []string{wrong[s.Name], `7`, `[7]`, `[{"colour":"red"}]`, `{"colour":"red","grants":7}`, `[{"value":{"id":"a"}}]`,
			`[{"scope":"user","id":"alice","name":"AuthMethods","value":"None"}]`} {
			if data == "" {
				continue
			}
			text := `{"format":"ctikit configuration","version":1,"made":"2026-01-01T00:00:00Z","sections":[{"name":"` + s.Name + `","items":0,"data":` + data + `}]}`
			_, err := document.Import(t.Context(), strings.NewReader(text), directory.ImportOptions{DryRun: true})
			require.ErrorIs(t, err, ctikit.ErrInvalid, "%s: %s", s.Name, data)
			ps, ok := errors.AsType[ctikit.Problems](err)
			require.True(t, ok)
			for _, p := range ps {
				rest, found := strings.CutPrefix(p.Path, s.Name)
				require.True(t, found, "%s", p)
				require.False(t, strings.HasPrefix(strings.TrimPrefix(rest, "."), s.Name), "%s", p)
			}
			if data == wrong[s.Name] {
				require.Contains(t, err.Error(), want[s.Name])
			}
		}
	}
}

// A right is checked against the companies that the document itself brings: whom
// it names may come with it, or change over to another company with it.
func TestRightsOfThoseWhoComeWithTheDocument(t *testing.T) {
	text, _ := parts(t, installed(t, ctikit.NewKeyring(ctikit.SealKeyOf([32]byte{7}))))
	in := installed(t, ctikit.NewKeyring(ctikit.SealKeyOf([32]byte{7})))
	require.NoError(t, in.Registry.Users.Delete(t.Context(), "karim"))
	require.NoError(t, in.subjects.Refresh(t.Context()))
	document := in.Document()
	steps, err := document.Import(t.Context(), bytes.NewReader(text), directory.ImportOptions{DryRun: true})
	require.NoError(t, err, steps)

	elsewhere := bytes.ReplaceAll(text, []byte(`"company": "ACME"`), []byte(`"company": "B"`))
	elsewhere = bytes.Replace(elsewhere, []byte(`"id": "ACME"`), []byte(`"id": "B"`), 1)
	steps, err = document.Import(t.Context(), bytes.NewReader(elsewhere), directory.ImportOptions{DryRun: true})
	require.NoError(t, err, "all of them change over: %s", steps)

	split := string(text)
	split = strings.Replace(split, `"id": "ACME"`, `"id": "B", "name": "B"}}, {"value": {"id": "ACME"`, 1)
	split = strings.Replace(split, `"id": "demonstration"`, `"id": "b", "company": "B", "name": "b"}}, {"value": {"id": "demonstration"`, 1)
	at := strings.Index(split, `"id": "karim"`)
	end := at + strings.Index(split[at:], `"extensions"`)
	karim := strings.NewReplacer(`"ACME"`, `"B"`, `"demonstration"`, `"b"`, `"everybody"`, "").Replace(split[at:end])
	split = split[:at] + karim + split[end:]
	steps, err = document.Import(t.Context(), strings.NewReader(split), directory.ImportOptions{Confirm: true})
	require.ErrorIs(t, err, ctikit.ErrCrossCompany)
	require.NotContains(t, steps.String(), "Creating", "found before anything is replaced")

	steps, err = document.Import(t.Context(), bytes.NewReader(text), directory.ImportOptions{Confirm: true})
	require.NoError(t, err, steps)
	require.True(t, in.Rights.Can("alice", rights.Statistics, "karim"))
}
