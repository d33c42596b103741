package settings_test

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/provisioning/settings"
)

func parse(t testing.TB, src string) *settings.File {
	t.Helper()
	f, err := settings.Parse("", []byte(src))
	require.NoError(t, err)
	return f
}

func TestStatements(t *testing.T) {
	for _, test := range []struct {
		line string
		kind string // "" for a comment
		name string
		text string // value, or operands
	}{
		{"SET A 1", "SET", "A", "1"},
		{"set a  two  words \t", "SET", "a", "two  words"},
		{"SET\tA\t1", "SET", "A", "1"},
		{`SET A "x y"   # why`, "SET", "A", `"x y"`},
		{`SET L "911", "9911"`, "SET", "L", `"911", "9911"`},
		{`SET A "open`, "SET", "A", `"open`},
		{"SET A", "SET", "A", ""},
		{"SET ", "invalid", "", ""},
		{"SET", "", "", ""},
		{"SET  \t ", "invalid", "", ""},
		{" SET A 1", "", "", ""},
		{"SETA 1", "", "", ""},
		{"ADD K v", "ADD", "K", "v"},
		{"GET $MACADDR.txt", "GET", "$MACADDR.txt", ""},
		{"GOTO END", "GOTO", "END", ""},
		{"goto END  # x", "GOTO", "END", ""},
		{"GOTO  ", "invalid", "", ""},
		{"IF $MODEL  SEQ 9620D02L  goto X", "IF", "X", "$MODEL 9620D02L"},
		{`IF "a b" SEQ $X GOTO Y`, "IF", "Y", `"a b" $X`},
		{"IF $A SNE b GOTO X", "invalid", "X", ""},
		{"IF $A SEQ b", "invalid", "", ""},
		{"# TAG", "label", "TAG", ""},
		{"# TAG  ", "label", "TAG", ""},
		{"#  TAG", "", "", ""},
		{"# two words", "", "", ""},
		{"#TAG", "", "", ""},
		{"## SET A 1", "", "", ""},
		{"# ", "", "", ""},
	} {
		f := parse(t, "\n"+test.line+"\r\n")
		require.Equal(t, "\n"+test.line+"\r\n", f.String())
		if test.kind == "" {
			require.Empty(t, f.Nodes, test.line)
			continue
		}
		require.Len(t, f.Nodes, 1, test.line)
		n := f.Nodes[0]
		require.Equal(t, test.kind, n.Kind.String(), test.line)
		require.Equal(t, 2, n.Line)
		if test.kind == "invalid" {
			require.NotEmpty(t, n.Why)
			continue
		}
		require.Equal(t, test.name, n.Name.Text, test.line)
		require.Equal(t, test.name, f.String()[n.Name.Offset:n.Name.Offset+len(test.name)])
		require.Equal(t, test.text, strings.TrimSpace(n.Value.Text+n.Left.Text+" "+n.Right.Text), test.line)
	}
}

func TestPosition(t *testing.T) {
	f := parse(t, "\uFEFFSET A 1\r\n\nSET B 2")
	require.Equal(t, 3, f.Lines())
	require.Len(t, f.Nodes, 2)
	require.Equal(t, "1:8", f.Position(f.Nodes[0].Name.Offset).String())
	require.Equal(t, "3:7", f.Position(f.Nodes[1].Value.Offset).String())
	require.Equal(t, settings.Line{Number: 3, Offset: 13, Text: "SET B 2"}, f.Line(3))
	require.Equal(t, 0, parse(t, "").Lines())
	require.Equal(t, "1:1", parse(t, "").Position(0).String())
}

func TestLimits(t *testing.T) {
	_, err := settings.Parse("big", make([]byte, settings.MaxSize+1))
	require.ErrorIs(t, err, settings.ErrTooLarge)
	_, err = settings.Parse("long", []byte(strings.Repeat("\n", settings.MaxLines)))
	require.ErrorIs(t, err, settings.ErrTooLarge)
	endless := &counter{}
	_, err = settings.Read("endless", endless)
	require.ErrorIs(t, err, settings.ErrTooLarge)
	require.Less(t, endless.n, settings.MaxSize+1<<20, "a file of 100 MiB is not read to its end")
	_, err = settings.Read("broken", io.MultiReader(strings.NewReader("SET A 1\n"), &counter{err: io.ErrUnexpectedEOF}))
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
}

type counter struct {
	n   int
	err error
}

func (c *counter) Read(p []byte) (int, error) { c.n += len(p); return len(p), c.err }

func TestEvaluate(t *testing.T) {
	vars := map[string]string{"MODEL4": "acw", "GROUP": "2", "MACADDR": "001122334455"}
	for name, test := range map[string]struct {
		src     string
		dialect settings.Dialect
		want    string // name=value, sorted
		stop    string // the missing label
	}{
		"last wins":             {"SET A 1\nset a 2\n", settings.Dialect{}, "A=2", ""},
		"add":                   {"SET A \"x\"\nADD A \"y\"\nADD B z\n", settings.Dialect{}, `A="x","y" B=z`, ""},
		"add to nothing":        {"SET A \"\"\nADD A y\n", settings.Dialect{}, "A=y", ""},
		"goto":                  {"GOTO X\nSET A 1\n# X\nSET B 2\n", settings.Dialect{}, "B=2", ""},
		"missing label":         {"SET A 1\nGOTO X\nSET B 2\n", settings.Dialect{}, "A=1", "X"},
		"backward":              {"# X\nSET A 1\nGOTO X\nSET B 2\n", settings.Dialect{}, "A=1", "X"},
		"first label after":     {"# X\nGOTO X\nSET A 1\n# X\nSET B 2\n# X\n", settings.Dialect{}, "B=2", ""},
		"tag in another case":   {"GOTO end\nSET A 1\n# END\nSET B 1\n", settings.Dialect{}, "B=1", ""},
		"if":                    {"IF $MODEL4 SEQ acw GOTO X\nSET A 1\n# X\nSET B 2\n", settings.Dialect{}, "B=2", ""},
		"if reversed":           {"IF acw SEQ $MODEL4 GOTO X\nSET A 1\n# X\n", settings.Dialect{}, "", ""},
		"if quoted":             {"IF $MODEL4 SEQ \"acw\" GOTO X\nSET A 1\n# X\n", settings.Dialect{}, "", ""},
		"if exact":              {"IF $MODEL4 SEQ ACW GOTO X\nSET A 1\n# X\nSET B 2\n", settings.Dialect{}, "A=1 B=2", ""},
		"if folded":             {"IF $MODEL4 SEQ ACW GOTO X\nSET A 1\n# X\nSET B 2\n", settings.Dialect{FoldCase: true}, "B=2", ""},
		"unknown variable":      {"IF $NONE SEQ \"\" GOTO X\nSET A 1\n# X\n", settings.Dialect{}, "A=1", ""},
		"bad if":                {"IF $MODEL4 EQ acw GOTO X\nSET A 1\n", settings.Dialect{}, "A=1", ""},
		"no value":              {"SET A 1\nSET A\n", settings.Dialect{}, "A=1", ""},
		"empty value":           {"SET A 1\nSET A \"\"\n", settings.Dialect{}, `A=""`, ""},
		"value below":           {"SET A \n\"1,2\"\n", settings.Dialect{}, "", ""},
		"value below, joined":   {"SET A \n\"1,2\"\n", settings.Dialect{JoinLines: true}, `A="1,2"`, ""},
		"comment after value":   {"SET A 1  ## one\n", settings.Dialect{}, "A=1  ## one", ""},
		"comment stripped":      {"SET A 1  ## one\nSET B \"x # y\"\n", settings.Dialect{StripComments: true}, `A=1 B="x # y"`, ""},
		"macro":                 {"SET A \"phone $MACADDR$NONE\"\n", settings.Dialect{}, `A="phone 001122334455$NONE"`, ""},
		"get replaces":          {"SET A 1\nGET more.txt\nSET B 2\n", settings.Dialect{}, "A=1 C=3", ""},
		"get includes":          {"SET A 1\nGET more.txt\nSET B 2\n", settings.Dialect{Include: true}, "A=1 B=2 C=3", ""},
		"get of nothing":        {"SET A 1\nGET none.txt\nSET B 2\n", settings.Dialect{}, "A=1 B=2", ""},
		"get by macro":          {"GET $MACADDR.txt\n", settings.Dialect{}, "D=4", ""},
		"windows, no last end":  {"SET A 1\r\nSET B 2", settings.Dialect{}, "A=1 B=2", ""},
		"latin":                 {"SET A caf\xe9\n", settings.Dialect{}, "A=caf\xe9", ""},
		"every PHONEKEY counts": {"SET PHONEKEY a\nSET PHONEKEY b\n", settings.Dialect{}, "PHONEKEY=b", ""},
	} {
		t.Run(name, func(t *testing.T) {
			fetch := settings.FetchFS(fstest.MapFS{"more.txt": {Data: []byte("SET C 3\n")}, "001122334455.txt": {Data: []byte("SET D 4\n")}})
			res, err := settings.Evaluation{Vars: vars, Dialect: test.dialect, Fetch: fetch}.Run(parse(t, test.src))
			require.NoError(t, err)
			var got []string
			for _, s := range res.Settings {
				got = append(got, s.Name+"="+s.Value)
			}
			require.Equal(t, test.want, strings.Join(got, " "))
			require.Equal(t, test.stop, res.Stop.Tag)
			require.Equal(t, test.stop != "", res.Stop.Reason == settings.MissingLabel)
		})
	}
}

func TestEvaluateRefuses(t *testing.T) {
	loop := fstest.MapFS{"a": {Data: []byte("GET b\n")}, "b": {Data: []byte("GET a\n")}}
	for src, want := range map[string]error{
		"GET a\n":                settings.ErrCycle,
		"GET ../etc/passwd\n":    settings.ErrTraversal,
		"GET /etc/passwd\n":      settings.ErrTraversal,
		"GET http://h/f.txt\n":   settings.ErrTraversal,
		"GET ..\\f.txt\n":        settings.ErrTraversal,
		"GET $UP/f\n":            settings.ErrTraversal,
		"# X\nSET A 1\nGOTO X\n": settings.ErrSteps,
	} {
		for _, include := range []bool{false, true} {
			e := settings.Evaluation{Dialect: settings.Dialect{AllowBackward: true, Include: include, MaxSteps: 1000}, Fetch: settings.FetchFS(loop)}
			_, err := e.Run(parse(t, src))
			require.ErrorIs(t, err, want, src)
		}
	}
	deep := settings.Evaluation{Fetch: func(name string) (*settings.File, error) {
		return settings.Parse(name, fmt.Appendf(nil, "GET %sx\n", name))
	}}
	_, err := deep.Run(parse(t, "GET x\n"))
	require.ErrorIs(t, err, settings.ErrDepth)

	broken := errors.New("broken")
	res, err := settings.Evaluation{Fetch: func(string) (*settings.File, error) { return nil, broken }}.Run(parse(t, "GET x\nSET A 1\n"))
	require.NoError(t, err, "a GET that fails is passed over")
	require.ErrorIs(t, res.Fetched[0].Err, broken)
	require.Len(t, res.Settings, 1)
	_, err = settings.FetchFS(fstest.MapFS{})("none")
	require.ErrorIs(t, err, fs.ErrNotExist)
}

// Files that include the next one twice are read twice as often at each step, but
// fetched once.
func TestIncludeFetchesOnce(t *testing.T) {
	fetches := 0
	e := settings.Evaluation{Dialect: settings.Dialect{Include: true}, Fetch: func(name string) (*settings.File, error) {
		fetches++
		if len(name) == 10 {
			return settings.Parse(name, []byte("SET A 1\n"))
		}
		return settings.Parse(name, fmt.Appendf(nil, "GET %[1]sx\nGET %[1]sx\n", name))
	}}
	res, err := e.Run(parse(t, "GET x\n"))
	require.NoError(t, err)
	require.Equal(t, 10, fetches)
	a, _ := res.Lookup("A")
	require.Len(t, a.Overrides, 511)
}

func TestExplain(t *testing.T) {
	f := parse(t, "SET A 1\nIF $MODEL4 SEQ acw GOTO X\nSET A 2\n# X\nSET A 3\nGOTO Y\nSET A 4\n")
	res, err := settings.Evaluation{Vars: map[string]string{"MODEL4": "acw"}, Trace: true}.Run(f)
	require.NoError(t, err)
	require.Equal(t, `A = 3
  set at 5:1
  overrides A = 1 at 1:1
  on the way 2:1: IF $MODEL4 SEQ acw GOTO X: jumps
  on the way 6:1: GOTO Y: jumps
  stopped at 6:1: no label "Y" after this line; the rest of the file is ignored
`, res.Explain("a"))
	require.Contains(t, res.Explain("B"), "B is not set")
}

func TestLosses(t *testing.T) {
	f := parse(t, "SET A 1\nIF $MODEL4 SEQ acw GOTO X\nSET B 2\nGOTO END\nSET C 3\n# END\nSET A 4\n")
	cases, err := f.Cases("MODEL4")
	require.NoError(t, err)
	require.Len(t, cases, 2)
	losses, err := settings.Evaluation{}.Losses(f, cases)
	require.NoError(t, err)
	require.Len(t, losses, 1)
	require.Equal(t, "MODEL4=acw", losses[0].Case.Name)
	require.Equal(t, []string{"A", "B"}, losses[0].Names)
}

func TestMatrix(t *testing.T) {
	f := parse(t, "IF $MODEL4 SEQ acw GOTO W\nIF $GROUP SEQ 1 GOTO END\nSET A 1\nGOTO END\n# W\nSET B 2\n# END\n")
	require.Equal(t, map[string][]string{"MODEL4": {"acw"}, "GROUP": {"1"}}, f.Tests())
	cases, err := f.Cases("MODEL4", "GROUP", "NONE")
	require.NoError(t, err)
	m, err := settings.Evaluation{}.Matrix(f, cases)
	require.NoError(t, err)
	require.Equal(t, []string{"A", "B"}, m.Names)
	var got []string
	for i, c := range m.Cases {
		a, _ := m.Value(i, "A")
		b, _ := m.Value(i, "B")
		got = append(got, fmt.Sprintf("%s: %s %s", c.Name, a, b))
	}
	require.Equal(t, []string{"MODEL4=acw GROUP=1:  2", "MODEL4=acw GROUP=(other):  2", "MODEL4=(other) GROUP=1:  ", "MODEL4=(other) GROUP=(other): 1 "}, got)

	var many strings.Builder
	for i := range 400 {
		fmt.Fprintf(&many, "IF $A SEQ %d GOTO X\nIF $B SEQ %d GOTO X\n", i, i)
	}
	_, err = parse(t, many.String()).Cases("A", "B")
	require.ErrorContains(t, err, "name fewer")
}

func TestReach(t *testing.T) {
	f := parse(t, "GOTO X\nSET DEAD 1\n# U\nSET DEAD 2\n# X\nSET A 1\nGET f\nSET AFTER 1\n")
	reach := f.Reach(settings.Dialect{})
	lines := func(nodes []*settings.Node) (out []int) {
		for _, n := range nodes {
			out = append(out, n.Line)
		}
		return out
	}
	require.Equal(t, []int{2, 3, 4}, lines(reach.Dead))
	require.Equal(t, []int{8}, lines(reach.AfterGet))
	reach = f.Reach(settings.Dialect{Include: true})
	require.Empty(t, reach.AfterGet)
	require.Equal(t, []int{2, 3, 4}, lines(reach.Dead))
}

func TestValues(t *testing.T) {
	for value, want := range map[string][]string{
		"":               {},
		`""`:             {},
		"a":              {"a"},
		"a,b":            {"a", "b"},
		`"a,b"`:          {"a", "b"},
		`"a","b"`:        {"a", "b"},
		`"a", "b"`:       {"a", "b"},
		`"a,1", "b"`:     {"a,1", "b"},
		`"Saudi Arabia"`: {"Saudi Arabia"},
	} {
		require.ElementsMatch(t, want, settings.SplitList(value), value)
	}
	require.Equal(t, "x y", settings.Unquote(`"x y"`))
	require.Equal(t, `"a","b"`, settings.Unquote(`"a","b"`))
	require.Equal(t, `"`, settings.Unquote(`"`))
}

// A file without IF is the same for all.
func TestMatrixOfAll(t *testing.T) {
	f := parse(t, "SET A 1\n")
	cases, err := f.Cases("MODEL4")
	require.NoError(t, err)
	m, err := settings.Evaluation{}.Matrix(f, cases)
	require.NoError(t, err)
	var rows []string
	for row := range m.Rows() {
		rows = append(rows, strings.Join(row, " "))
		if len(rows) == 2 {
			break
		}
	}
	require.Equal(t, []string{"parameter all", "A 1"}, rows)
}

// Files of the disk: a GET names one in the same folder, and positions tell both
// by the same kind of name.
func TestReadFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "46xxsettings.txt")
	require.NoError(t, os.WriteFile(path, []byte("SET PHONEKEY a\nSET A 1\nSET PHONEKEY b\nGET more.txt\n"), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "more.txt"), []byte("SET A 2\n"), 0o600))
	f, err := settings.ReadFile(path)
	require.NoError(t, err)
	res, err := settings.Evaluation{Fetch: settings.FetchBeside(path)}.Run(f)
	require.NoError(t, err)
	var got []string
	for name, a := range res.Effective() {
		got = append(got, fmt.Sprintf("%s=%s %s", name, a.Value, a.Position))
	}
	require.Equal(t, []string{"A=2 more.txt:1:1", "PHONEKEY=a 46xxsettings.txt:1:1", "PHONEKEY=b 46xxsettings.txt:3:1"}, got)
	for range res.Effective() {
		break // a reader may leave early
	}
	_, err = settings.ReadFile(filepath.Join(dir, "none.txt"))
	require.ErrorIs(t, err, os.ErrNotExist)
}
