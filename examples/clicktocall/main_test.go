package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptrace"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/ctikit/ctikit/auth/rights"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// visitor is a browser.
type visitor struct {
	t      *testing.T
	client *http.Client
	base   string
}

func newVisitor(t *testing.T, base string) *visitor {
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	transport := &http.Transport{ExpectContinueTimeout: 10 * time.Second}
	t.Cleanup(transport.CloseIdleConnections)
	return &visitor{t, &http.Client{Jar: jar, Transport: transport}, base}
}

func (v *visitor) send(path string, form url.Values, headers ...string) (status int, body string) {
	v.t.Helper()
	req, err := http.NewRequestWithContext(v.t.Context(), "POST", v.base+path, strings.NewReader(form.Encode()))
	require.NoError(v.t, err)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, err := v.client.Do(req)
	require.NoError(v.t, err)
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	require.NoError(v.t, err)
	return resp.StatusCode, string(data)
}

// start runs the program as a user would, and reads from it where it is.
func start(t *testing.T, args ...string) (base, password string, stop func() int) {
	ctx, cancel := context.WithCancel(t.Context())
	out, in := io.Pipe()
	var errs bytes.Buffer
	ended := make(chan int, 1)
	go func() {
		defer in.Close()
		ended <- run(ctx, append([]string{"-listen", "127.0.0.1:0"}, args...), in, &errs)
	}()
	line, err := bufio.NewReader(out).ReadString('\n')
	require.NoError(t, err, "%s", &errs)
	found := regexp.MustCompile(`^(http://[^ ]+): sign in as alice with the password (\S+)\n$`).FindStringSubmatch(line)
	require.NotNil(t, found, line)
	return found[1], found[2], func() int { cancel(); return <-ended }
}

func TestCallBack(t *testing.T) {
	base, password, stop := start(t)
	v := newVisitor(t, base)
	call := url.Values{"number": {"06 12 34 56 78"}}
	status, body := v.send("/call", call)
	require.Equal(t, http.StatusUnauthorized, status)
	require.Contains(t, body, "Please sign in.")
	status, body = v.send("/signin", url.Values{"name": {"alice"}, "password": {"guess"}})
	require.Equal(t, http.StatusUnauthorized, status)
	require.NotContains(t, body, "number")
	status, body = v.send("/signin", url.Values{"name": {"alice"}, "password": {password}})
	require.Equal(t, http.StatusOK, status)
	require.Contains(t, body, "alice, your phone 2000 rings first.")

	status, body = v.send("/call", call)
	require.Equal(t, http.StatusOK, status, body)
	require.Regexp(t, `Connected by 190[01]\.`, body)
	status, _ = v.send("/call", url.Values{})
	require.Equal(t, http.StatusBadRequest, status)
	status, body = v.send("/call", url.Values{"number": {"<script>"}})
	require.Equal(t, http.StatusBadRequest, status, body)
	require.NotContains(t, body, "<script>")
	status, _ = v.send("/call", call, "Origin", "https://elsewhere.example", "Sec-Fetch-Site", "cross-site")
	require.Equal(t, http.StatusForbidden, status, "another site in the visitor's name")
	v.client.CloseIdleConnections()
	require.Zero(t, stop())
}

// TestStop ends the program while a call rings.
func TestStop(t *testing.T) {
	base, password, stop := start(t)
	v := newVisitor(t, base)
	status, _ := v.send("/signin", url.Values{"name": {"alice"}, "password": {password}})
	require.Equal(t, http.StatusOK, status)
	begun, answered := make(chan bool), make(chan error, 1)
	go func() {
		// The handler says so itself when it reads what was sent.
		trace := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{Got100Continue: func() { close(begun) }})
		req, err := http.NewRequestWithContext(trace, "POST", base+"/call", strings.NewReader("number=0155171889")) // nobody answers there
		if err == nil {
			req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			req.Header.Set("Expect", "100-continue")
			var resp *http.Response
			if resp, err = v.client.Do(req); err == nil {
				resp.Body.Close()
				if resp.StatusCode != http.StatusServiceUnavailable {
					err = errors.New(resp.Status)
				}
			}
		}
		answered <- err
	}()
	<-begun
	require.Zero(t, stop())
	require.NoError(t, <-answered)
}

func TestRightAndLicence(t *testing.T) {
	g, err := newGuard(t.Context(), options{user: "alice", agent: "2000", password: "correct horse"})
	require.NoError(t, err)
	require.NoError(t, g.permit(t.Context(), "2000"))
	require.ErrorIs(t, g.permit(t.Context(), "2001"), errNotPermitted, "nobody's extension")
	g.rights.Revoke(rights.Grant{To: rights.User("alice"), On: rights.Object{Type: rights.Application, ID: application}})
	require.ErrorIs(t, g.permit(t.Context(), "2000"), errNotPermitted)
	require.Equal(t, http.StatusForbidden, statusOf(g.permit(t.Context(), "2000")))
	require.Empty(t, g.signedIn("made up"))
}

func TestMistakes(t *testing.T) {
	for _, args := range [][]string{{"-nonsense"}, {"more"}} {
		require.Equal(t, 2, run(t.Context(), args, io.Discard, io.Discard))
	}
	var errs bytes.Buffer
	require.Equal(t, 1, run(t.Context(), []string{"-config", "none.json"}, io.Discard, &errs))
	require.Contains(t, errs.String(), "none.json")
	require.Equal(t, 1, run(t.Context(), []string{"-via", "1900,1900"}, io.Discard, &errs))
	require.Contains(t, errs.String(), "via[1]")
}
