package directory

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit"
)

// watchers is a host's own section: a list of user IDs.
type watchers struct{ users []string }

func (w *watchers) section() ctikit.Section {
	return ctikit.Section{
		Name: "watchers",
		Export: func(context.Context) (json.RawMessage, int, error) {
			data, err := json.Marshal(w.users)
			return data, len(w.users), err
		},
		Import: func(_ context.Context, in ctikit.Import) (int, error) {
			var ps ctikit.Problems
			var users []string
			ps.AddUnder("", json.Unmarshal(in.Data, &users))
			for i, id := range users {
				if exists, err := in.Objects.Exists("user", id); err != nil {
					return 0, err
				} else if !exists {
					ps.Add(fmt.Sprintf("[%d]", i), "unknown user %q", id)
				}
			}
			if err := ps.Err(); err != nil {
				return len(users), err
			}
			if !in.DryRun {
				w.users = users
			}
			return len(users), nil
		},
	}
}

const bobSection = `{"name":"users","items":1,"data":[{"value":{"id":"bob","company":"acme","domain":"paris","login":"bob"}}]}`

func documentOf(sections ...string) string {
	return `{"format":"ctikit configuration","version":1,"made":"2026-01-01T00:00:00Z","sections":[` + strings.Join(sections, ",") + `]}`
}

func watchersSection(user string) string {
	return fmt.Sprintf(`{"name":"watchers","items":1,"data":[%q]}`, user)
}

// A host's section refers to users as they will be after the import.
func TestHostSectionRefersToUsers(t *testing.T) {
	for name, test := range map[string]struct {
		document string
		want     string // of the error
		watchers []string
		users    []string
	}{
		"brought by the document":             {documentOf(watchersSection("bob"), bobSection), "", []string{"bob"}, []string{"bob"}},
		"removed by the document":             {documentOf(watchersSection("ann"), bobSection), `watchers[0]: unknown user "ann"`, nil, []string{"ann"}},
		"stored, and the document lacks them": {documentOf(watchersSection("ann")), "", []string{"ann"}, []string{"ann"}},
		"neither stored nor in the document":  {documentOf(watchersSection("bob")), `watchers[0]: unknown user "bob"`, nil, []string{"ann"}},
	} {
		t.Run(name, func(t *testing.T) {
			r := twoCompanies(t, NewMemory())
			require.NoError(t, r.Users.Save(ctx, ann()))
			host := &watchers{}
			doc := Document{Sections: append([]ctikit.Section{host.section()}, r.Sections(false)...)}
			for _, opts := range []ImportOptions{{DryRun: true}, {Confirm: true}} {
				steps, err := doc.Import(ctx, strings.NewReader(test.document), opts)
				if test.want != "" {
					require.EqualError(t, err, "import configuration: "+test.want)
					require.ErrorIs(t, err, ctikit.ErrInvalid)
				} else {
					require.NoError(t, err)
				}
				require.False(t, steps.Restored)
				if opts.DryRun {
					require.Empty(t, host.users, "nothing was changed")
					require.Contains(t, usersOf(t, r), "ann")
				}
			}
			require.Equal(t, test.watchers, host.users)
			require.Len(t, usersOf(t, r), len(test.users))
			for _, id := range test.users {
				require.Contains(t, usersOf(t, r), id)
			}
		})
	}
}

// The problems of all sections are one list, each with its path.
func TestImportCollectsProblemsOfAllSections(t *testing.T) {
	r := twoCompanies(t, NewMemory())
	doc := Document{Sections: append(r.Sections(false), (&watchers{}).section())}
	text := documentOf(watchersSection("nobody"),
		`{"name":"domains","data":[{"value":{"id":"paris","company":"acme"}},{"value":{"id":"rome","company":"x","name":"Rome"}}]}`,
		`{"name":"users","data":[{"value":{"id":"bob","company":"acme","domain":"paris","groups":["dev"]}}]}`)
	_, err := doc.Import(ctx, strings.NewReader(text), ImportOptions{DryRun: true})
	require.ErrorIs(t, err, ctikit.ErrInvalid)
	require.ErrorIs(t, err, ctikit.ErrCrossCompany)
	ps, ok := errors.AsType[ctikit.Problems](err)
	require.True(t, ok)
	require.Equal(t, []string{
		`domains[0].value.name: missing`,
		`domains[1].value.company: no company "x"`,
		`users[0].value.login: missing`,
		`users[0].value.groups[0]: user "bob" (company "acme") with group "dev" (company "other"): objects belong to different companies`,
		`watchers[0]: unknown user "nobody"`,
	}, strings.Split(ps.Error(), "\n"))
}

// What a dry run showed does not count in the next import.
func TestImportAfterADryRun(t *testing.T) {
	r := twoCompanies(t, NewMemory())
	require.NoError(t, r.Users.Save(ctx, ann()))
	doc := Document{Sections: r.Sections(false)}
	_, err := doc.Import(ctx, strings.NewReader(documentOf(bobSection)), ImportOptions{DryRun: true})
	require.NoError(t, err)
	list := func(user string) string {
		return documentOf(fmt.Sprintf(`{"name":"contact lists","data":[{"value":{"id":"l","company":"acme","user":%q,"name":"L"}}]}`, user))
	}
	_, err = doc.Import(ctx, strings.NewReader(list("bob")), ImportOptions{Confirm: true})
	require.ErrorContains(t, err, `contact lists[0].value.user: no user "bob"`)
	_, err = doc.Import(ctx, strings.NewReader(list("ann")), ImportOptions{Confirm: true})
	require.NoError(t, err)
}

// A section that is restored may refer to what is in a section that the document lacks.
func TestRestoredSectionRefersToUsers(t *testing.T) {
	r := twoCompanies(t, NewMemory())
	require.NoError(t, r.Users.Save(ctx, ann()))
	host := &watchers{users: []string{"ann"}}
	failing := ctikit.Section{
		Name:   "zz",
		Export: func(context.Context) (json.RawMessage, int, error) { return json.RawMessage("[]"), 0, nil },
		Import: func(_ context.Context, in ctikit.Import) (int, error) {
			if in.DryRun {
				return 0, nil
			}
			return 0, errors.New("disk is full")
		},
	}
	doc := Document{Sections: append([]ctikit.Section{host.section(), failing}, r.Sections(false)...)}
	text := documentOf(`{"name":"watchers","data":[]}`, `{"name":"zz","data":[]}`)
	steps, err := doc.Import(ctx, strings.NewReader(text), ImportOptions{Confirm: true})
	require.EqualError(t, err, "import configuration: zz: disk is full")
	require.True(t, steps.Restored)
	require.Equal(t, []string{"ann"}, host.users)
}

// An error that is not of the data ends the import at once and is no ErrInvalid.
func TestImportWithABrokenStore(t *testing.T) {
	r := twoCompanies(t, NewMemory())
	down := errors.New("database is down")
	broken := ctikit.Section{
		Name:   "dialplans",
		Export: func(context.Context) (json.RawMessage, int, error) { return json.RawMessage("[]"), 0, nil },
		Import: func(context.Context, ctikit.Import) (int, error) { return 0, down },
	}
	doc := Document{Sections: append(r.Sections(false), broken)}
	text := documentOf(`{"name":"domains","data":[{"value":{"id":"paris","company":"acme"}}]}`, `{"name":"dialplans","data":[]}`, bobSection)
	for _, opts := range []ImportOptions{{DryRun: true}, {Confirm: true}} {
		steps, err := doc.Import(ctx, strings.NewReader(text), opts)
		require.EqualError(t, err, "import configuration: dialplans: database is down")
		require.ErrorIs(t, err, down)
		require.NotErrorIs(t, err, ctikit.ErrInvalid)
		require.Len(t, steps.Steps, 2, "nothing is asked any more")
	}
}

// A section that comes before the users refers to them as they will be, in the check,
// in the import, and when it is restored.
func TestSectionBeforeUsersRefersToThem(t *testing.T) {
	r := twoCompanies(t, NewMemory())
	require.NoError(t, r.Users.Save(ctx, ann()))
	host := &watchers{users: []string{"ann"}}
	early := host.section()
	early.Name = "dialplans" // has the rank before users
	full := true
	last := ctikit.Section{
		Name:   "zz",
		Export: func(context.Context) (json.RawMessage, int, error) { return json.RawMessage("[]"), 0, nil },
		Import: func(_ context.Context, in ctikit.Import) (int, error) {
			if full && !in.DryRun {
				return 0, errors.New("disk is full")
			}
			return 0, nil
		},
	}
	doc := Document{Sections: append(r.Sections(false), early, last)}
	text := func(user string) *strings.Reader {
		return strings.NewReader(documentOf(fmt.Sprintf(`{"name":"dialplans","data":[%q]}`, user), bobSection, `{"name":"zz","data":[]}`))
	}
	for _, opts := range []ImportOptions{{DryRun: true}, {Confirm: true}} {
		_, err := doc.Import(ctx, text("ann"), opts)
		require.EqualError(t, err, `import configuration: dialplans[0]: unknown user "ann"`, "the document removes her")
	}
	_, err := doc.Import(ctx, text("bob"), ImportOptions{DryRun: true})
	require.NoError(t, err, "the document brings him")
	steps, err := doc.Import(ctx, text("bob"), ImportOptions{Confirm: true})
	require.EqualError(t, err, "import configuration: zz: disk is full")
	require.True(t, steps.Restored)
	require.Equal(t, []string{"ann"}, host.users)
	require.Contains(t, usersOf(t, r), "ann")
	full = false
	_, err = doc.Import(ctx, text("bob"), ImportOptions{Confirm: true})
	require.NoError(t, err)
	require.Equal(t, []string{"bob"}, host.users)
}

// What is found only while the data are replaced has its section's name in the path, too.
func TestProblemWhileReplacing(t *testing.T) {
	late := ctikit.Section{
		Name:   "zz",
		Export: func(context.Context) (json.RawMessage, int, error) { return json.RawMessage("[]"), 0, nil },
		Import: func(_ context.Context, in ctikit.Import) (int, error) {
			var ps ctikit.Problems
			if !in.DryRun {
				ps.Add("[0].name", "taken meanwhile")
			}
			return 0, ps.Err()
		},
	}
	doc := Document{Sections: []ctikit.Section{late}}
	steps, err := doc.Import(ctx, strings.NewReader(documentOf(`{"name":"zz","data":[]}`)), ImportOptions{Confirm: true})
	require.True(t, steps.Restored)
	ps, ok := errors.AsType[ctikit.Problems](err)
	require.True(t, ok)
	require.Equal(t, "zz[0].name", ps[0].Path)
}
