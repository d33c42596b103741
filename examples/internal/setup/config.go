// Package setup is what the example programs have in common: the configuration
// file that a host could use, and the PBX network that they are shown against.
package setup

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strconv"
	"time"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/csta"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/driver"
	"github.com/ctikit/ctikit/cti/gateway"
	"github.com/ctikit/ctikit/cti/planning"
	"github.com/ctikit/ctikit/dialplan"
	"github.com/ctikit/ctikit/directory"
	"github.com/ctikit/ctikit/directory/csvsource"
	"github.com/ctikit/ctikit/internal/strictjson"
	"github.com/ctikit/ctikit/vtixml"
)

// File is the configuration as it stands in gateway.json; gateway.schema.json
// describes it.
type File struct {
	Schema     string          `json:"$schema"`
	Name       string          `json:"name"`
	Company    string          `json:"company"`
	Sites      []planning.Site `json:"sites"`
	Links      []Link          `json:"links"`
	Extensions []Extensions    `json:"extensions"`
	Users      []User          `json:"users"`
	Timing     timing          `json:"timing"`
	DialPlan   json.RawMessage `json:"dialPlan"`
	Contacts   string          `json:"contacts"`
}

// Link is one link to a PBX.
type Link struct {
	Name                string        `json:"name"`
	Protocol            cti.Protocol  `json:"protocol"`
	driver.LinkSettings               // address, pbx, user, application, tls
	Password            ctikit.Secret `json:"password"`
	Location            cti.Location  `json:"location"`
	Serves              []cti.Pattern `json:"serves"`
	Capacity            int           `json:"capacity"`
}

// User is somebody with an extension.
type User struct {
	Login     string `json:"login"`
	FirstName string `json:"firstName"`
	LastName  string `json:"lastName"`
	Extension string `json:"extension"`
}

// Extensions are count extensions with numbers in a row.
type Extensions struct {
	First    string        `json:"first"`
	Count    int           `json:"count"`
	Location cti.Location  `json:"location"`
	Protocol cti.Protocol  `json:"protocol"`
	SetType  cti.SetType   `json:"setType"`
	Password ctikit.Secret `json:"password"`
}

type timing struct {
	FailoverDelay duration `json:"failoverDelay"`
	HoldDown      duration `json:"holdDown"`
	ReturnRate    int      `json:"returnRate"`
}

type duration time.Duration

func (d *duration) UnmarshalText(text []byte) error {
	v, err := time.ParseDuration(string(text))
	*d = duration(v)
	return err
}

// Settings are a configuration made of a file, ready for use.
type Settings struct {
	File     File
	CTI      gateway.Config
	Plan     *dialplan.Current // its NumberPlan
	Contacts []directory.Contact
	Names    *directory.View // the reverse directory of the contacts; a cti.CallerNamer

	dial Dialer
}

// parseConfig reads a configuration and what it refers to. Its error names every
// mistake. dial leads to the addresses in it, nil to the real ones.
func parseConfig(dir fs.FS, name string, dial Dialer) (*Settings, error) {
	data, err := fs.ReadFile(dir, name)
	if err != nil {
		return nil, err
	}
	s := &Settings{dial: dial}
	if err := strictjson.Decode(data, &s.File); err != nil {
		return nil, fmt.Errorf("%s:\n%w", name, err)
	}
	if s.File.DialPlan == nil {
		s.File.DialPlan = json.RawMessage("{}") // no parameters, no rules: numbers stay as they are
	}
	plan, planErr := dialplan.Parse(s.File.DialPlan)
	mistakes := []error{prefixed("dialPlan", planErr)}
	if planErr == nil {
		s.Plan = dialplan.NewCurrent(plan)
		s.CTI.NumberPlan = s.Plan
	}
	s.CTI.Name, s.CTI.Company = s.File.Name, s.File.Company
	s.CTI.Timing = gateway.Timing{FailoverDelay: time.Duration(s.File.Timing.FailoverDelay),
		HoldDown: time.Duration(s.File.Timing.HoldDown), ReturnRate: s.File.Timing.ReturnRate}
	for i, l := range s.File.Links {
		l.LinkSettings.Password = l.Password
		c, err := Connector(dial, l.Protocol, l.LinkSettings)
		mistakes = append(mistakes, prefixed(fmt.Sprintf("links[%d].pbx", i), err))
		s.CTI.Links = append(s.CTI.Links, gateway.Link{Name: l.Name, Location: l.Location, Serves: l.Serves,
			Capacity: l.Capacity, Connector: c})
	}
	for i, e := range s.File.Extensions {
		list, err := e.expandRange()
		mistakes = append(mistakes, prefixed(fmt.Sprintf("extensions[%d].first", i), err))
		s.CTI.Extensions = append(s.CTI.Extensions, list...)
	}
	if s.Contacts, err = readContacts(s.File, dir); err == nil {
		err = s.indexNames()
	}
	mistakes = append(mistakes, prefixed("contacts", err), s.File.restorePaths(s.CTI.Validate()))
	return s, errors.Join(mistakes...)
}

func prefixed(path string, err error) error {
	var ps ctikit.Problems
	ps.AddUnder(path, err)
	return ps.Err()
}

// Connector makes the driver of a link. Over TLS the system's authorities vouch
// for the PBX.
func Connector(dial Dialer, p cti.Protocol, l driver.LinkSettings) (driver.Connector, error) {
	var secure *tls.Config
	if l.TLS {
		secure = &tls.Config{MinVersion: tls.VersionTLS12}
	}
	if p != cti.CSTA {
		return vtixml.Config{Addr: l.Address, Application: l.Application, TLS: secure, Dial: dial}, nil
	}
	cfg := csta.Config{
		Addr: l.Address, User: l.User, Password: l.Password, Application: l.Application, TLS: secure, Dial: dial,
	}
	if l.PBX == "" {
		return cfg, nil
	}
	profile, ok := csta.ProfileByName(l.PBX)
	if !ok {
		return cfg, fmt.Errorf("unknown type of PBX %q", l.PBX)
	}
	cfg.Profile = profile
	return cfg, nil
}

func (e Extensions) expandRange() ([]cti.Extension, error) {
	first, err := strconv.Atoi(e.First)
	if err != nil {
		return nil, fmt.Errorf("invalid number %q", e.First)
	}
	var out []cti.Extension
	for i := range max(e.Count, 1) {
		out = append(out, cti.Extension{
			Number:   cti.DeviceID(fmt.Sprintf("%0*d", len(e.First), first+i)),
			Location: e.Location, Protocol: e.Protocol, SetType: e.SetType, Password: e.Password,
		})
	}
	return out, nil
}

// readContacts reads the CSV file.
func readContacts(f File, dir fs.FS) ([]directory.Contact, error) {
	if f.Contacts == "" {
		return nil, nil
	}
	mapping := directory.Mapping{
		{Field: directory.FieldDisplayName, Template: "{first} {last}, {company}"},
		{Field: directory.FieldWork, From: []string{"phone"}},
		{Field: directory.FieldMobile, From: []string{"mobile"}},
	}
	open := func() (io.ReadCloser, error) { return dir.Open(f.Contacts) }
	source := &csvsource.Source{Name: f.Contacts, Key: "id", Open: open}
	into := directory.Directory{ID: contactsID, Company: f.Company}
	list, problems, err := directory.ReadContacts(context.Background(), source, mapping, into)
	if err == nil && len(problems) > 0 {
		err = fmt.Errorf("%s: %v", f.Contacts, problems[0])
	}
	return list, err
}

// contactsID is the directory that the contacts are in.
const contactsID = "contacts"

// indexNames makes an index of the contacts that names callers.
func (s *Settings) indexNames() error {
	index := directory.NewIndex(directory.Numbering{Country: "33", NationalPrefix: "0", InternalLength: 4})
	everything := directory.RightsFunc(func(string) bool { return true })
	s.Names = index.View(s.File.Company, everything)
	return index.Replace(s.Contacts)
}

// restorePaths makes the paths of a validation error those of the file, where one
// entry of extensions stands for many.
func (f File) restorePaths(err error) error {
	problems, ok := errors.AsType[ctikit.Problems](err)
	if !ok {
		return err
	}
	for i, p := range problems {
		var n int
		var field string
		if _, err := fmt.Sscanf(p.Path, "extensions[%d].%s", &n, &field); err == nil {
			problems[i].Path = fmt.Sprintf("extensions[%d].%s", f.entryOf(n), field)
		}
	}
	return problems
}

// entryOf finds the entry that extension n came from.
func (f File) entryOf(n int) int {
	for i, e := range f.Extensions {
		if n -= max(e.Count, 1); n < 0 {
			return i
		}
	}
	return len(f.Extensions)
}
