package cloud_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/provisioning/cloud"
)

func TestReadUsers(t *testing.T) {
	// The two examples of notes ch. 15.
	users, bad, err := cloud.ReadUsers(strings.NewReader("user1@example.com\nuser2@example.com\n"), cloud.Format{Domain: "example.com"})
	require.NoError(t, err)
	require.Empty(t, bad)
	require.Equal(t, []cloud.User{{Email: "user1@example.com"}, {Email: "user2@example.com"}}, users)
	users, bad, err = cloud.ReadUsers(strings.NewReader("email,firstname,lastname,workphone\nuser1@example.com,teressa,green,123456\nuser2@example.com,bob,white,654321\n"), cloud.Format{})
	require.NoError(t, err)
	require.Empty(t, bad)
	require.Equal(t, cloud.User{Email: "user2@example.com", FirstName: "bob", LastName: "white", WorkPhone: "654321"}, users[1])

	users, bad, err = cloud.ReadUsers(strings.NewReader("\uFEFFLastName;EMAIL;language\r\n'O''Neill; Ada';ada@example.com;fr-FR\r\n\r\n'two\r\nlines';b@example.com;\r\nx"), cloud.Format{Separator: ';', Quote: '\''})
	require.NoError(t, err)
	require.Equal(t, []cloud.User{{Email: "ada@example.com", LastName: "O'Neill; Ada", Language: "fr-FR"}}, users)
	require.Len(t, bad, 2)
	require.Equal(t, "line 4, lastname", bad[0].Path)
	require.Equal(t, "line 4, lastname: contains a control character", bad[0].String())
	require.Equal(t, "line 6: must be 3 fields, got 1", bad[1].String())
}

func TestReadUsersReportsRows(t *testing.T) {
	users, bad, err := cloud.ReadUsers(strings.NewReader(strings.Join([]string{
		"email,firstname,workphone,language",
		"a@example.com,Ada,+33 1 23,fr-FR",
		"nobody,Bob,,",
		"c@example.org,C,,",
		"d@example.com,=cmd(),,",
		"e@example.com,E,call me,",
		"f@example.com,F,,french",
		"A@example.com,again,,",
		`g@example.com,"G"x,,`,
		"h@example.com,H,,",
		`i@example.com,"open`,
	}, "\n")), cloud.Format{Domain: "example.com"})
	require.NoError(t, err)
	require.Len(t, users, 2, "%v", bad)
	var got []string
	require.ErrorIs(t, bad, ctikit.ErrInvalid)
	for _, b := range bad {
		require.Equal(t, ctikit.SeverityError, b.Severity)
		got = append(got, b.String())
	}
	require.Equal(t, []string{
		`line 3, email: must be an e-mail address, got "nobody"`,
		`line 4, email: must be of the domain example.com, got "c@example.org"`,
		`line 5, firstname: must not start like a formula of a spreadsheet, got "=cmd()"`,
		`line 6, workphone: must be a telephone number, got "call me"`,
		`line 7, language: must be a code like fr-FR, got "french"`,
		`line 8, email: duplicate "A@example.com": already on line 2`,
		`line 9: text after a quoted field`,
		`line 11: quoted field has no end`,
	}, got)
	for _, header := range []string{"firstname\nx", "email,email\n", "email,colour\n", "a@example.com,b\n"} {
		_, _, err := cloud.ReadUsers(strings.NewReader(header), cloud.Format{})
		require.ErrorIs(t, err, ctikit.ErrInvalid, header)
	}
	_, _, err = cloud.ReadUsers(iotest.ErrReader(io.ErrClosedPipe), cloud.Format{})
	require.ErrorIs(t, err, io.ErrClosedPipe)
	_, _, err = cloud.ReadUsers(strings.NewReader(""), cloud.Format{Separator: '"'})
	require.ErrorIs(t, err, ctikit.ErrInvalid)
	_, bad, err = cloud.ReadUsers(strings.NewReader("email\n"+strings.Repeat("x", 1<<17)+"\na@example.com\n"), cloud.Format{})
	require.NoError(t, err)
	require.NotEmpty(t, bad, "a record is bounded")
}

func TestWriteUsers(t *testing.T) {
	users := []cloud.User{{Email: "a@example.com", FirstName: `Ada "the first", countess`, CellPhone: "+331"}, {LastName: "nobody"}, {Email: "b@example.com", FirstName: " B"}}
	var b bytes.Buffer
	leftOut, err := cloud.WriteUsers(&b, users, cloud.Format{})
	require.NoError(t, err)
	require.Equal(t, 1, leftOut)
	rows, err := csv.NewReader(&b).ReadAll()
	require.NoError(t, err)
	require.Equal(t, [][]string{{"email", "firstname", "cellphone"}, {"a@example.com", users[0].FirstName, "+331"}, {"b@example.com", " B", ""}}, rows)

	b.Reset()
	_, err = cloud.WriteUsers(&b, []cloud.User{{Email: "a@example.com"}, {Email: "x"}, {Email: "A@example.com", City: "=1"}}, cloud.Format{})
	require.Zero(t, b.Len(), "nothing half-written")
	problems, ok := errors.AsType[ctikit.Problems](err)
	require.True(t, ok)
	require.Equal(t, "users[1].email", problems[0].Path)
	require.ErrorContains(t, err, "users[2].city")
	require.ErrorContains(t, err, "users[2].email: duplicate")
	_, err = cloud.WriteUsers(&b, nil, cloud.Format{Separator: '\n'})
	require.ErrorIs(t, err, ctikit.ErrInvalid)
}

// Both ways, and against encoding/csv, which shares no code with our reader.
func FuzzUsers(f *testing.F) {
	f.Add("email,firstname\na@example.com,\"A, B\"\nb@example.com,\"x\"\"y\"\n")
	f.Add("a@example.com\r\n\r\nb@example.com")
	f.Fuzz(func(t *testing.T, text string) {
		users, bad, err := cloud.ReadUsers(strings.NewReader(text), cloud.Format{})
		if err != nil {
			require.ErrorIs(t, err, ctikit.ErrInvalid)
			return
		}
		var b bytes.Buffer
		_, err = cloud.WriteUsers(&b, users, cloud.Format{Separator: '\t', Quote: '\''})
		require.NoError(t, err)
		again, none, err := cloud.ReadUsers(&b, cloud.Format{Separator: '\t', Quote: '\''})
		require.NoError(t, err)
		require.Empty(t, none)
		require.Equal(t, users, again)

		peer := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\uFEFF")))
		peer.FieldsPerRecord = -1
		rows, err := peer.ReadAll()
		if err != nil || len(rows) == 0 {
			return
		}
		header := 1
		if len(rows[0]) == 1 && strings.Contains(rows[0][0], "@") {
			header = 0
		}
		refused := map[string]bool{} // lines; a row may have several problems
		for _, p := range bad {
			line, _, _ := strings.Cut(p.Path, ",")
			refused[line] = true
		}
		require.Equal(t, len(rows)-header, len(users)+len(refused), "as many rows as another reader finds in %q", text)
	})
}
