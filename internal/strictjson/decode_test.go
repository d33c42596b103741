package strictjson

import (
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit"
)

type where struct{ text string }

func (p *where) UnmarshalText(text []byte) error {
	if !strings.Contains(string(text), ".") {
		return errors.New(`"` + string(text) + `" is not Site.Cluster`)
	}
	p.text = string(text)
	return nil
}

type address struct {
	Host     string `json:"host"`
	Password string `json:"-"`
}

type link struct {
	Name     string         `json:"name"`
	address                 // promoted
	Location where          `json:"location"`
	Serves   []where        `json:"serves"`
	Capacity int            `json:"capacity"`
	Ports    map[int]uint16 `json:"ports"`
	Password where          `json:"password"`
	Since    time.Time      `json:"since"`
	Next     *link          `json:"next"`
	Key      []byte         `json:"key"`
	Plain    bool
}

type document struct {
	Links  []link `json:"links"`
	hidden int
}

func TestDecode(t *testing.T) {
	var d document
	good := `{"links": [{"name": "a", "host": "h", "location": "1.1", "serves": ["2.*"], "capacity": 5, "ports": {"1": 2}, "since": "2026-01-02T03:04:05Z", "next": {"name": "b"}, "key": "AAE=", "plain": true}, null]}`
	require.NoError(t, Decode([]byte(good), &d))
	require.Equal(t, "h", d.Links[0].Host)
	require.Zero(t, d.hidden)
}

func TestDecodeReportsEveryProblem(t *testing.T) {
	err := Decode([]byte(`{
		"links": [
			{"name": 7, "location": "99", "serves": ["1.1", "2", 3], "capacity": "many", "password": 1234},
			{"host": true, "colour": "red", "ports": {"x": 1, "2": -1}, "since": "today", "next": {"capacity": 1.5}, "key": "?", "plain": 0},
			[], "link"
		],
		"hidden": 1,
		"size": 2
	}`), &document{})
	require.Error(t, err)
	require.Equal(t, []string{
		`links[0].name: must be a string, got a number`,
		`links[0].location: "99" is not Site.Cluster`,
		`links[0].serves[1]: "2" is not Site.Cluster`,
		`links[0].serves[2]: must be a string, got a number`,
		`links[0].capacity: must be a whole number, got a string`,
		`links[0].password: must be a string, got a number`,
		`links[1].host: must be a string, got true`,
		`links[1].colour: unknown field`,
		`links[1].ports["x"]: unknown key`,
		`links[1].ports["2"]: must be a whole number from 0 to 65535, got a number`,
		`links[1].since: parsing time "today" as "2006-01-02T15:04:05Z07:00": cannot parse "today" as "2006"`,
		`links[1].next.capacity: must be a whole number, got a number`,
		`links[1].key: must be bytes in base 64, got a string`,
		`links[1].Plain: must be true or false, got a number`,
		`links[2]: must be an object, got a list`,
		`links[3]: must be an object, got a string`,
		`hidden: unknown field`,
		`size: unknown field`,
	}, strings.Split(err.Error(), "\n"))
}

func TestDecodeMalformed(t *testing.T) {
	for text, want := range map[string]string{
		"{\n \"links\": [,]}": "line 2, column 12: invalid character ',' looking for beginning of value",
		"{\"links\":\n":       "line 2, column 1: the text ends too early: unexpected EOF",
		"":                    "line 1, column 1: the text ends too early: unexpected EOF",
		"{} {}":               "line 1, column 3: unexpected text after the value",
		"[1]":                 "must be an object, got a list",
	} {
		require.EqualError(t, Decode([]byte(text), &document{}), want, "%q", text)
	}
	require.ErrorIs(t, Decode(nil, &document{}), io.ErrUnexpectedEOF)
	var list []int
	require.EqualError(t, Decode([]byte(`[1, "2"]`), &list), `[1]: must be a whole number, got a string`)
}

// What a type that reads JSON itself reports, and what the whole wraps.
type rules struct{ list []string }

func (r *rules) UnmarshalJSON(data []byte) error {
	if err := json.Unmarshal(data, &r.list); err == nil {
		return nil
	}
	var ps ctikit.Problems
	ps.Add("[1].to", "missing")
	ps.Add("", "%w", ctikit.ErrRedacted)
	return ps.Err()
}

func TestDecodeAtIsProblems(t *testing.T) {
	err := DecodeAt("devices", []byte(`[{"rules": 7, "a.b": 1, "new\nline": 2}]`), &[]struct{ Rules rules }{})
	ps, ok := errors.AsType[ctikit.Problems](err)
	require.True(t, ok)
	var paths []string
	for _, p := range ps {
		require.Equal(t, ctikit.SeverityError, p.Severity)
		paths = append(paths, p.Path)
	}
	require.Equal(t, []string{"devices[0].Rules[1].to", "devices[0].Rules", `devices[0]["a.b"]`, `devices[0]["new\nline"]`}, paths)
	require.ErrorIs(t, err, ctikit.ErrInvalid)
	require.ErrorIs(t, err, ctikit.ErrRedacted)
	err = DecodeAt("links", []byte("[\n7,]"), &[]int{})
	require.EqualError(t, err, "links: line 2, column 3: invalid character ']' looking for beginning of value")
	require.ErrorIs(t, err, ctikit.ErrInvalid)
}

// Whatever encoding/json refuses is explained with its path.
func FuzzDecode(f *testing.F) {
	f.Add([]byte(`{"links": [{"name": 7, "ports": {"x": 1}, "ports": {"1": 70000}}]}`))
	f.Add([]byte(`{"LINKS": [{"NAME": "a", "host": null, "since": 3, "next": [], "key": "A"}], "links": 1e400}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var d document
		err := Decode(data, &d)
		if err == nil || strings.HasPrefix(err.Error(), "line ") { // no JSON
			return
		}
		require.NotEmpty(t, explain("", data, &d), "nothing explains %v", err)
	})
}
