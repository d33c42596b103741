package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strconv"
	"strings"
	"time"

	"github.com/ctikit/ctikit/csta"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/dialplan"
	"github.com/ctikit/ctikit/directory"
	"github.com/ctikit/ctikit/directory/csvsource"
	"github.com/ctikit/ctikit/vtixml"
)

// file is the configuration as it stands in gateway.json; gateway.schema.json
// describes it.
type file struct {
	Schema     string          `json:"$schema"`
	Name       string          `json:"name"`
	Company    string          `json:"company"`
	Sites      []site          `json:"sites"`
	Links      []link          `json:"links"`
	Extensions []extensions    `json:"extensions"`
	Timing     timing          `json:"timing"`
	DialPlan   json.RawMessage `json:"dialPlan"`
	Contacts   string          `json:"contacts"`
}

type site struct {
	Site            int `json:"site"`
	Centre          int `json:"centre"`
	Node            int `json:"node"`
	MaxSupervisions int `json:"maxSupervisions"`
	Transit         int `json:"transit"`
}

type link struct {
	Name     string        `json:"name"`
	Protocol cti.Protocol  `json:"protocol"`
	Address  string        `json:"address"`
	PBX      string        `json:"pbx"`
	Location cti.Location  `json:"location"`
	Serves   []cti.Pattern `json:"serves"`
	Capacity int           `json:"capacity"`
}

// extensions are count extensions with numbers in a row.
type extensions struct {
	First    string       `json:"first"`
	Count    int          `json:"count"`
	Location cti.Location `json:"location"`
	Protocol cti.Protocol `json:"protocol"`
	SetType  cti.SetType  `json:"setType"`
	Password cti.Secret   `json:"password"`
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

// settings are a configuration made of a file, ready for use.
type settings struct {
	file  file
	cti   cti.Config
	names cti.CallerNamer
}

// parse reads a configuration and what it refers to. Its error names every
// mistake.
func parse(dir fs.FS, name string, dial dialer) (*settings, error) {
	data, err := fs.ReadFile(dir, name)
	if err != nil {
		return nil, err
	}
	s := &settings{}
	in := json.NewDecoder(bytes.NewReader(data))
	in.DisallowUnknownFields()
	if err := in.Decode(&s.file); err != nil {
		return nil, err
	}
	plan, planErr := dialplan.Parse(s.file.DialPlan)
	mistakes := []error{prefixed("dialPlan", planErr)}
	if planErr == nil {
		s.cti.NumberPlan = plan
	}
	s.cti.Name, s.cti.Company = s.file.Name, s.file.Company
	s.cti.Timing = cti.Timing{FailoverDelay: time.Duration(s.file.Timing.FailoverDelay),
		HoldDown: time.Duration(s.file.Timing.HoldDown), ReturnRate: s.file.Timing.ReturnRate}
	for i, l := range s.file.Links {
		c, err := l.connector(dial)
		mistakes = append(mistakes, prefixed(fmt.Sprintf("links[%d].pbx", i), err))
		s.cti.Links = append(s.cti.Links, cti.Link{Name: l.Name, Location: l.Location, Serves: l.Serves, Capacity: l.Capacity, Connector: c})
	}
	for i, e := range s.file.Extensions {
		list, err := e.expand()
		mistakes = append(mistakes, prefixed(fmt.Sprintf("extensions[%d].first", i), err))
		s.cti.Extensions = append(s.cti.Extensions, list...)
	}
	names, err := contacts(s.file, dir)
	s.names = names
	mistakes = append(mistakes, prefixed("contacts", err), s.cti.Validate())
	return s, errors.Join(mistakes...)
}

func prefixed(path string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", path, err)
}

// connector makes the driver of a link.
func (l link) connector(dial dialer) (cti.Connector, error) {
	if l.Protocol != cti.CSTA {
		return vtixml.Config{Addr: l.Address, Dial: dial}, nil
	}
	cfg := csta.Config{Addr: l.Address, Dial: dial}
	if l.PBX == "" {
		return cfg, nil
	}
	p, ok := csta.ProfileByName(l.PBX)
	if !ok {
		return cfg, fmt.Errorf("unknown type of PBX %q", l.PBX)
	}
	cfg.Profile = p
	return cfg, nil
}

func (e extensions) expand() ([]cti.Extension, error) {
	first, err := strconv.Atoi(e.First)
	if err != nil {
		return nil, fmt.Errorf("%q is no number", e.First)
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

// contacts reads the CSV file into an index that names callers.
func contacts(f file, dir fs.FS) (cti.CallerNamer, error) {
	index := directory.NewIndex(directory.Numbering{Country: "33", NationalPrefix: "0", InternalLength: 4})
	if f.Contacts != "" {
		mapping := directory.Mapping{
			{Field: directory.FieldDisplayName, Template: "{first} {last}, {company}"},
			{Field: directory.FieldWork, From: []string{"phone"}},
			{Field: directory.FieldMobile, From: []string{"mobile"}},
		}
		source := &csvsource.Source{Name: f.Contacts, Key: "id", Open: func() (io.ReadCloser, error) { return dir.Open(f.Contacts) }}
		list, problems, err := directory.ReadContacts(context.Background(), source, mapping, directory.Directory{ID: "contacts", Company: f.Company})
		if err != nil {
			return nil, err
		}
		if len(problems) > 0 {
			return nil, fmt.Errorf("%s: %v", f.Contacts, problems[0])
		}
		if err := index.Replace(list); err != nil {
			return nil, err
		}
	}
	everything := directory.RightsFunc(func(string) bool { return true })
	return index.View(f.Company, everything), nil
}

// lines of an error that joins several, for a person to read.
func lines(err error) string { return "  " + strings.ReplaceAll(err.Error(), "\n", "\n  ") }
