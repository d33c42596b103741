package demo

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/auth"
	"github.com/ctikit/ctikit/provisioning"
	"github.com/ctikit/ctikit/provisioning/ipoffice"
	"github.com/ctikit/ctikit/provisioning/settings"
)

// signInUser: the first account is made with a code that only the operator sees;
// after that people sign in by password.
func (d *demo) signInUser(ctx context.Context) error {
	d.Heading("Signing in")
	local, err := auth.NewLocal(auth.LocalConfig{Store: &auth.MemoryStore{}})
	if err != nil {
		return err
	}
	chain, err := auth.New(auth.Config{
		Users: people{}, Default: "TWS",
		Methods: map[auth.Method]auth.Authenticator{auth.TWS: local},
	})
	if err != nil {
		return err
	}
	code, err := local.SetupCode(ctx)
	if err != nil {
		return err
	}
	password := ctikit.NewSecret("correct horse battery")
	if err := local.Initialise(ctx, code, "alice", password); err != nil {
		return err
	}
	attempt := auth.Attempt{Login: "alice", Password: password, Remote: "192.0.2.1:4711"}
	in, err := chain.SignIn(ctx, attempt)
	if err != nil {
		return err
	}
	d.result.SignIn = fmt.Sprintf("%s by %s", in.User, in.Method)
	d.Line("signed in: %s", d.result.SignIn)
	attempt.Password = ctikit.NewSecret("guess")
	_, err = chain.SignIn(ctx, attempt)
	var refusal *auth.Refusal
	if !errors.As(err, &refusal) {
		return fmt.Errorf("a wrong password was not refused: %v", err)
	}
	d.Text("a guess, for the user: %v", err)
	d.Text("a guess, for the log: %s", refusal.Detail())
	return nil
}

// showSettingsFiles: what an IP Office gives its Workplace clients, and what the
// Windows client of group 2 makes of it.
func (d *demo) showSettingsFiles(context.Context) error {
	d.Heading("Settings files of Workplace clients")
	c := ipoffice.Defaults()
	c.Release = provisioning.NewVersion(11, 1, 3)
	c.Address, c.Registrar = "192.0.2.7", "pbx.example.com"
	c.Country, c.Language = "France", "fr_FR"
	c.SourceNumbers = []string{`SET_CDNL="15","17","18","112"`}
	c.Specials = &ipoffice.Specials{Groups: map[int][]ipoffice.Setting{2: {{Name: "DSCPAUD", Value: "40"}}}}
	fetch := settings.FetchFS(ipoffice.FS{Config: c})
	file, err := fetch(ipoffice.SettingsFile)
	if err != nil {
		return err
	}
	windows := settings.Evaluation{
		Vars:  map[string]string{"MODEL4": provisioning.Windows.Model(), "GROUP": "2"},
		Fetch: fetch, Dialect: settings.Dialect{Include: true},
	}
	got, err := windows.Run(file)
	if err != nil {
		return err
	}
	rows := [][]any{{"parameter", "value", "from"}}
	for _, name := range []string{"SIP_CONTROLLER_LIST", "CELLULAR_DIRECT_NUMBER_LIST", "DSCPAUD"} {
		s, _ := got.Lookup(name)
		rows = append(rows, []any{s.Name, s.Value, strings.TrimSuffix(s.Position.File, ".txt")})
	}
	d.Table(rows...)
	d.result.Settings = map[string]int{provisioning.Windows.Model(): len(got.Settings)}
	d.Line("a Windows client of group 2 gets %d parameters", len(got.Settings))
	return nil
}

// people is the host's directory of users, here of one.
type people struct{}

func (people) Find(name, domain string) (string, bool) { return name, name == "alice" && domain == "" }

func (people) Enabled(string) bool { return true }
