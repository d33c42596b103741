package xmlscan

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// render writes what a scanner finds in a short form.
func render(data string) (string, error) {
	var s Scanner
	var b strings.Builder
	s.Reset([]byte(data))
	for s.Next() {
		switch s.Kind() {
		case Start:
			fmt.Fprintf(&b, "(%s", qname(s.Prefix(), s.Name()))
			for _, a := range s.Attrs() {
				fmt.Fprintf(&b, " %s=%q", qname(a.Prefix, a.Name), a.Value)
			}
			b.WriteString(" ")
		case End:
			fmt.Fprintf(&b, "%s)", qname(s.Prefix(), s.Name()))
		case Text:
			fmt.Fprintf(&b, "%q ", s.Text())
		}
	}
	return b.String(), s.Err()
}

func qname(prefix, name []byte) string {
	if prefix == nil {
		return string(name)
	}
	return string(prefix) + ":" + string(name)
}

func TestReads(t *testing.T) {
	for in, want := range map[string]string{
		`<a/>`:                                `(a a)`,
		`<a x="1" y='2"'>t</a>`:               `(a x="1" y="2\"" "t" a)`,
		"<a>&lt;&amp;&gt;&quot;&apos;</a>":    `(a "<&>\"'" a)`,
		"<a>&#65;&#x42;&#x1F600;</a>":         `(a "AB😀" a)`,
		"<a>1\r\n2\r3</a>":                    `(a "1\n2\n3" a)`,
		`<p:a xmlns:p="u" p:b="c"></p:a >`:    `(p:a xmlns:p="u" p:b="c" p:a)`,
		"<a><![CDATA[<&]]><!-- c --><b/></a>": `(a "<&" (b b)a)`,
		"<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><a n=\"\xe9\"/>": `(a n="é" a)`,
		"<?xml version='1.0' encoding='utf-8'?>\n<!-- x -->\n<a>é</a>\n": `(a "é" a)`,
		"\xef\xbb\xbf<a/>":       `(a a)`,
		"<a>]] > ]></a>":         `(a "]] > ]>" a)`,
		"<a\n b = \"\t1\" ></a>": `(a b="\t1" a)`,
	} {
		got, err := render(in)
		require.NoError(t, err, in)
		require.Equal(t, want, got, in)
	}
}

func TestRefuses(t *testing.T) {
	for in, reason := range map[string]string{
		"":                                "no element",
		"<!-- -->":                        "no element",
		"hello":                           "outside the root",
		"<a/>x":                           "outside the root",
		"<a/><b/>":                        "second root",
		"<a>":                             "ends inside <a>",
		"<a></b>":                         "another element than <a>",
		"</a>":                            "without start tag",
		"<a":                              "blank or end",
		"<a b>":                           "= expected",
		"<a b=c/>":                        "without quotes",
		`<a b="c/>`:                       "without end",
		`<a b="<"/>`:                      "< in an attribute",
		`<a b="1"c="2"/>`:                 "blank or end",
		`<a b="1" b="2"/>`:                "duplicate attribute",
		"<a>&nbsp;</a>":                   "unknown reference",
		"<a>&#0;</a>":                     "unknown reference",
		"<a>&#xD800;</a>":                 "unknown reference",
		"<a>&#99999999999;</a>":           "unknown reference",
		"<a>& b</a>":                      "without ;",
		"<a>\x00</a>":                     "does not allow",
		"<a>\xff</a>":                     "not UTF-8",
		"<a>]]></a>":                      "]]> in text",
		"<!DOCTYPE a><a/>":                "document type",
		"<a><?php x?></a>":                "processing instructions",
		"<a/><?xml version='1.0'?>":       "processing instructions",
		"<?xml version='1.1'?><a/>":       "version",
		"<?xml encoding='UTF-16'?><a/>":   "encoding other",
		"<?xml version='1.0'":             "without end",
		"<a><!-- -- --></a>":              "comment",
		"<a><![CDATA[ </a>":               "CDATA without end",
		"<é/>":                            "name expected",
		"<a:b:c/>":                        "not allowed here",
		"<1/>":                            "name expected",
		"<:a/>":                           "name expected",
		strings.Repeat("<a>", MaxDepth+1): "too deep",
	} {
		_, err := render(in)
		var refused *Error
		require.ErrorAs(t, err, &refused, "%q", in)
		require.Contains(t, refused.Reason, reason, "%q", in)
	}
	many := "<a"
	for i := range MaxAttrs + 1 {
		many += fmt.Sprintf(` a%d=""`, i)
	}
	_, err := render(many + "/>")
	require.ErrorContains(t, err, "too many attributes")
}

func TestNamespaces(t *testing.T) {
	var s Scanner
	s.Reset([]byte(`<a xmlns="one"><p:b xmlns:p="two" xmlns="three"></p:b><c/></a>`))
	var got []string
	for s.Next() {
		got = append(got, fmt.Sprintf("%s %d {%s}{%s}", s.Name(), s.Depth(), s.Namespace(s.Prefix()), s.Namespace(nil)))
	}
	require.NoError(t, s.Err())
	require.Equal(t, []string{"a 1 {one}{one}", "b 2 {two}{three}", "b 2 {two}{three}", "c 2 {one}{one}", "c 2 {one}{one}", "a 1 {one}{one}"}, got)
}

func TestSkip(t *testing.T) {
	var s Scanner
	s.Reset([]byte(`<a><b><c>x</c><c/></b><d/><e>t</e></a>`))
	var got []string
	for s.Next() {
		if s.Kind() == Start {
			got = append(got, string(s.Name()))
			if name := string(s.Name()); name == "b" || name == "d" {
				s.Skip()
				require.Equal(t, End, s.Kind())
				require.Equal(t, name, string(s.Name()))
			}
		}
	}
	require.NoError(t, s.Err())
	require.Equal(t, []string{"a", "b", "d", "e"}, got)
}

// TestLeaf: Leaf gives what Next would, or does not move.
func TestLeaf(t *testing.T) {
	for message, want := range map[string]string{
		"<a>text</a>": "text", "<p:a>text</p:a>": "text", "<a></a>": "", "<a> 1 </a>": " 1 ", "<a>\n</a>": "\n",
		"<a>&lt;</a>": "no", "<a><b/></a>": "no", "<a/>": "no", "<a>x</b>": "no", "<a>x</a >": "no", "<a>x": "no", "<a>x<": "no", "<a>é</a>": "no",
	} {
		var s Scanner
		s.Reset([]byte(message))
		require.True(t, s.Next(), message)
		before := s.Pos()
		text, ok := s.Leaf()
		require.Equal(t, want != "no", ok, message)
		if !ok {
			require.Equal(t, before, s.Pos(), message)
			require.Equal(t, Start, s.Kind(), message)
			continue
		}
		require.Equal(t, want, string(text), message)
		require.Equal(t, End, s.Kind(), message)
		require.Equal(t, "a", string(s.Name()), message)
		require.Equal(t, 1, s.Depth(), message)
		require.False(t, s.Next(), message)
		require.NoError(t, s.Err(), message)
		_, ok = s.Leaf()
		require.False(t, ok, message)
	}
}
