package xmlscan

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
)

// FuzzScanner compares with encoding/xml: what we accept it accepts and reads
// the same, and what it accepts we accept or refuse for a reason of our own.
func FuzzScanner(f *testing.F) {
	for _, seed := range []string{
		`<a x="1"><b>t&amp;</b><c/></a>`, "<a>&#x41;\r\n<![CDATA[<]]></a>", `<?xml version="1.0" encoding="utf-8"?><p:a xmlns:p="u"/>`,
		"<a><!-- c --> ]] ></a >", "<a b='\"'/>", "<!DOCTYPE a><a/>", "<a>]]></a>", "<a b = '1'\n/>", "<a>\xc3\xa9</a>",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		ours, err := tokens(data, false)
		if leaves, leavesErr := tokens(data, true); leaves != ours || (err == nil) != (leavesErr == nil) {
			t.Fatalf("%q\nby Next %s\nby Leaf %s", data, ours, leaves)
		}
		theirs, theirErr := peerTokens(data)
		switch {
		case err == nil && otherwiseRead(data):
		case err == nil && theirErr != nil:
			t.Fatalf("%q: encoding/xml refuses: %v", data, theirErr)
		case err == nil && ours != theirs:
			t.Fatalf("%q\nours   %s\ntheirs %s", data, ours, theirs)
		case err != nil && theirErr == nil && !stricter(err):
			t.Fatalf("%q: encoding/xml accepts, ours: %v", data, err)
		}
	})
}

// otherwiseRead: encoding/xml knows no ISO-8859-1, reports a byte order mark as
// text, and looks at the declaration with other eyes.
func otherwiseRead(data []byte) bool {
	return bytes.HasPrefix(data, []byte("\xef\xbb\xbf")) || bytes.HasPrefix(data, []byte("<?xml"))
}

// stricter: reasons of ours, all in the package comment.
func stricter(err error) bool {
	var e *Error
	if !errors.As(err, &e) {
		return false
	}
	for _, reason := range []string{"document type", "processing instr", "name", "duplicate", "outside the root",
		"second root", "too deep", "too many", "no element", "blank or end", "unknown reference", "version", "encoding",
		"XML declaration", "does not allow"} {
		if strings.Contains(e.Reason, reason) {
			return true
		}
	}
	return false
}

// tokens reads by Next alone, or by Leaf where that can be.
func tokens(data []byte, leaves bool) (string, error) {
	var s Scanner
	var b strings.Builder
	s.Reset(data)
	for s.Next() {
		switch s.Kind() {
		case Start:
			fmt.Fprintf(&b, "\x01(%s", qname(s.Prefix(), s.Name()))
			for _, a := range s.Attrs() {
				fmt.Fprintf(&b, " %s=%q", qname(a.Prefix, a.Name), a.Value)
			}
			b.WriteString("\x02")
			if leaves && leaf(&s, &b) {
				fmt.Fprintf(&b, "\x01%s)\x02", qname(s.Prefix(), s.Name()))
			}
		case End:
			fmt.Fprintf(&b, "\x01%s)\x02", qname(s.Prefix(), s.Name()))
		case Text:
			b.Write(s.Text())
		}
	}
	return b.String(), s.Err()
}

func leaf(s *Scanner, b *strings.Builder) bool {
	text, ok := s.Leaf()
	b.Write(text)
	return ok
}

func peerTokens(data []byte) (string, error) {
	nested := xml.NewDecoder(bytes.NewReader(data)) // checks the nesting
	raw := xml.NewDecoder(bytes.NewReader(data))    // keeps the prefixes
	var b strings.Builder
	depth := 0
	for {
		if _, err := nested.Token(); err != nil && err != io.EOF {
			return "", err
		}
		token, err := raw.RawToken()
		if err == io.EOF {
			return b.String(), nil
		}
		if err != nil {
			return "", err
		}
		switch token := token.(type) {
		case xml.StartElement:
			depth++
			fmt.Fprintf(&b, "\x01(%s", peerName(token.Name))
			for _, a := range token.Attr {
				fmt.Fprintf(&b, " %s=%q", peerName(a.Name), a.Value)
			}
			b.WriteString("\x02")
		case xml.EndElement:
			depth--
			fmt.Fprintf(&b, "\x01%s)\x02", peerName(token.Name))
		case xml.CharData:
			if depth > 0 {
				b.Write(token)
			}
		}
	}
}

func peerName(n xml.Name) string {
	if n.Space == "" {
		return n.Local
	}
	return n.Space + ":" + n.Local
}
