package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func linkplan(args ...string) (status int, out, errs string) {
	var o, e bytes.Buffer
	status = checkPlan(args, &o, &e)
	return status, o.String(), e.String()
}

func TestJSON(t *testing.T) {
	status, out, errs := linkplan("-json", "-fail", "link1")
	require.Zero(t, status, errs)
	type use struct {
		Name                                         string
		Capacity, Used, Explicit, Overflow, Implicit int
		Lost                                         bool
	}
	var got struct {
		Findings     []struct{ Code, Severity, Path, Message string }
		Links        []use
		Unsupervised int
		Failed       struct {
			Link         string
			Links        []use
			Unsupervised int
		}
	}
	dec := json.NewDecoder(bytes.NewBufferString(out))
	dec.DisallowUnknownFields()
	require.NoError(t, dec.Decode(&got))
	require.Len(t, got.Findings, 7)
	for _, f := range got.Findings {
		require.Equal(t, "warning", f.Severity)
	}
	require.Equal(t, []use{
		{Name: "link0", Capacity: 500, Used: 500, Explicit: 500},
		{Name: "link1", Capacity: 250, Used: 250, Explicit: 250},
		{Name: "link2", Capacity: 200, Used: 200, Explicit: 200},
	}, got.Links)
	require.Zero(t, got.Unsupervised)
	require.Equal(t, "link1", got.Failed.Link)
	require.Equal(t, 250, got.Failed.Unsupervised)
	require.Equal(t, use{Name: "link1", Capacity: 250, Lost: true}, got.Failed.Links[1])
}

func TestText(t *testing.T) {
	status, out, _ := linkplan("-fail", "link2")
	require.Zero(t, status)
	require.Contains(t, out, "4.*       3                                   100\n")
	require.Contains(t, out, "no link on site 4")
	require.Contains(t, out, "After the loss of link2")
	require.Contains(t, out, "Unsupervised: 200\n")
}

func TestStatus(t *testing.T) {
	file := func(text string) string {
		path := filepath.Join(t.TempDir(), "table.json")
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		return path
	}
	for name, test := range map[string]struct {
		args   []string
		status int
		says   string
	}{
		"against a rule":    {[]string{"-plan", file(`{"links":[{"name":"a","capacity":1}],"rows":[{"pattern":"1.1","planned":{"a":2}}]}`)}, exitFindings, "capacity-exceeded"},
		"makes no sense":    {[]string{"-plan", file(`{"links":[{"name":"a","capacity":0}],"rows":[]}`)}, exitFindings, "link-capacity"},
		"no JSON":           {[]string{"-plan", file(`links`)}, exitUnreadable, "table.json"},
		"empty file":        {[]string{"-plan", file("")}, exitUnreadable, "too early"},
		"empty object":      {[]string{"-plan", file("{}")}, exitUnreadable, "links: missing"},
		"no file":           {[]string{"-plan", "/nowhere"}, exitUnreadable, "/nowhere"},
		"no such link":      {[]string{"-fail", "x"}, exitUnreadable, `unknown link "x"`},
		"unknown flag":      {[]string{"-x"}, exitUnreadable, "-x"},
		"one word too many": {[]string{"x"}, exitUnreadable, `"x"`},
	} {
		t.Run(name, func(t *testing.T) {
			status, out, errs := linkplan(append([]string{"-json"}, test.args...)...)
			require.Equal(t, test.status, status)
			require.Contains(t, out+errs, test.says)
			if status == exitUnreadable {
				require.Empty(t, out)
			} else {
				require.True(t, json.Valid([]byte(out)))
			}
		})
	}
}

func TestHelp(t *testing.T) {
	status, _, errs := linkplan("-h")
	require.Equal(t, exitFine, status)
	require.Contains(t, errs, "-fail")
}
