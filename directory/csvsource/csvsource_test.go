package csvsource

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/directory"
)

func source(text string) *Source {
	return &Source{Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil }, Name: "people.csv", Key: "id"}
}

// readAll returns entries as "key@path name=value ...".
func readAll(s *Source) (entries []string, end *directory.End, err error) {
	for item, err := range s.Read(context.Background(), "") {
		if err != nil {
			return entries, nil, err
		}
		if item.End != nil {
			end = item.End
			continue
		}
		line := fmt.Sprintf("%s@line %d", item.Entry.Key, item.Entry.Line)
		for _, a := range item.Entry.Attrs {
			line += fmt.Sprintf(" %s=%s", a.Name, a.Values[0])
		}
		entries = append(entries, line)
	}
	return entries, end, nil
}

func utf16le(s string) string {
	var b bytes.Buffer
	for _, u := range utf16.Encode([]rune(s)) {
		b.Write([]byte{byte(u), byte(u >> 8)})
	}
	return b.String()
}

func TestRead(t *testing.T) {
	for name, test := range map[string]struct {
		text string
		want []string
	}{
		"commas":               {"id,name\n1,Ann\n2,Bob\n", []string{"1@line 2 id=1 name=Ann", "2@line 3 id=2 name=Bob"}},
		"semicolons, CRLF":     {"id;name\r\n1;Ann, Dr.\r\n", []string{"1@line 2 id=1 name=Ann, Dr."}},
		"tabs":                 {"id\tname\n1\tAnn\n", []string{"1@line 2 id=1 name=Ann"}},
		"quotes":               {"id,name\n1,\"Ann \"\"A\"\"\nB\"\n2,x\n", []string{"1@line 2 id=1 name=Ann \"A\"\nB", "2@line 4 id=2 name=x"}},
		"separator in quotes":  {"\"id\";\"a,b,c\"\n1;2\n", []string{"1@line 2 id=1 a,b,c=2"}},
		"empty is absent":      {"id,name\n1,\n", []string{"1@line 2 id=1"}},
		"key without case":     {" ID ,name\n1,a\n", []string{"1@line 2 ID=1 name=a"}},
		"UTF-8 mark":           {"\xEF\xBB\xBFid,name\n1,Élise\n", []string{"1@line 2 id=1 name=Élise"}},
		"UTF-16 mark":          {"\xFF\xFE" + utf16le("id,name\n1,Élise 😀\n"), []string{"1@line 2 id=1 name=Élise 😀"}},
		"Windows-1252":         {"id,name\n1,\x8Cuvre \x80 \xC9lise\n", []string{"1@line 2 id=1 name=Œuvre € Élise"}},
		"a formula is a value": {"id,name\n1,=HYPERLINK(0)\n", []string{"1@line 2 id=1 name==HYPERLINK(0)"}},
		"only a header":        {"id,name\n", nil},
	} {
		t.Run(name, func(t *testing.T) {
			got, end, err := readAll(source(test.text))
			require.NoError(t, err)
			require.Equal(t, test.want, got)
			require.Equal(t, &directory.End{Full: true}, end)
		})
	}
}

func TestIncomplete(t *testing.T) {
	for name, text := range map[string]string{
		"cut in a value": "id,name\n1,Ann\n2,Bo",
		"cut in a row":   "id,name\n1,Ann\n2",
		"cut in quotes":  "id,name\n1,Ann\n2,\"Bo",
		"stray quote":    "id,name\n1,An\"n\n",
		"too many":       "id,name\n1,Ann,x\n",
		"empty":          "",
	} {
		t.Run(name, func(t *testing.T) {
			_, end, err := readAll(source(text))
			require.Nil(t, end)
			var incomplete *directory.Incomplete
			require.ErrorAs(t, err, &incomplete)
			require.Contains(t, err.Error(), "people.csv")
		})
	}
	s := source("id,name\n1,Ann")
	s.Unterminated = true
	got, end, err := readAll(s)
	require.NoError(t, err)
	require.NotNil(t, end)
	require.Len(t, got, 1)
}

func TestRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"name\nAnn\n":                           `missing columns ["id"], got ["name"]`,
		"id,name,Name\n1,a,b\n":                 `duplicate column "Name"`,
		"id,name\n,Ann\n":                       `line 2: no value in the key column`,
		"id\n\"" + strings.Repeat("x\n", 1<<20): "a record is longer than",
	} {
		_, end, err := readAll(source(text))
		require.Nil(t, end)
		require.ErrorContains(t, err, want)
	}
	s := source("id,Name\n1,Ann\n")
	s.Columns = []string{"name", "phone"}
	_, _, err := readAll(s)
	require.ErrorContains(t, err, `missing columns ["phone"], got ["id" "Name"]`)
	s = source("id\n\xC9\n")
	s.Charset = UTF8
	_, _, err = readAll(s)
	require.ErrorContains(t, err, "invalid UTF-8; set Charset")
	s.Charset = "ebcdic"
	_, _, err = readAll(s)
	require.ErrorContains(t, err, `unknown charset "ebcdic": must be one of`)
}

func TestUTF8CutAtTheEndOfTheSample(t *testing.T) {
	text := "id,name\n1," + strings.Repeat("x", sampleSize-len("id,name\n1,")-1) + "é\n"
	got, _, err := readAll(source(text))
	require.NoError(t, err)
	require.Contains(t, got[0], "xé")
}

func TestStopsWithLoopAndContext(t *testing.T) {
	s := source("id\n1\n2\n3\n")
	n := 0
	for range s.Read(context.Background(), "") {
		n++
		break
	}
	require.Equal(t, 1, n)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for _, err := range s.Read(ctx, "") {
		require.True(t, errors.Is(err, context.Canceled))
	}
}

func FuzzRead(f *testing.F) {
	for _, seed := range []string{"id,name\n1,Ann\n", "\xFF\xFEi\x00d\x00\n\x00", "id\n\"", "\xEF\xBB\xBFid;x\r\n1;2\r\n"} {
		f.Add([]byte(seed), "")
		f.Add([]byte(seed), string(UTF16BE))
	}
	f.Fuzz(func(t *testing.T, data []byte, charset string) {
		s := source(string(data))
		s.Charset = Charset(charset)
		ended := false
		for item, err := range s.Read(context.Background(), "") {
			require.False(t, ended, "nothing follows an end or an error")
			ended = err != nil || item.End != nil
			if item.Entry != nil {
				require.NotEmpty(t, item.Entry.Key)
			}
		}
		require.True(t, ended, "every reading ends with an End or an error")
	})
}
