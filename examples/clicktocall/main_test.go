package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/examples/internal/setup"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// visitor is a browser.
type visitor struct {
	t      *testing.T
	client *http.Client
	base   string

	password string // "" is nobody
}

func newVisitor(t *testing.T, base string) *visitor {
	transport := &http.Transport{ExpectContinueTimeout: 10 * time.Second}
	t.Cleanup(transport.CloseIdleConnections)
	return &visitor{t: t, client: &http.Client{Transport: transport}, base: base}
}

func (v *visitor) send(path string, form url.Values, headers ...string) (status int, body string) {
	v.t.Helper()
	req, err := http.NewRequestWithContext(v.t.Context(), "POST", v.base+path, strings.NewReader(form.Encode()))
	require.NoError(v.t, err)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	if v.password != "" {
		req.SetBasicAuth("alice", v.password)
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
		ended <- setup.Exit("clicktocall", servePage(ctx, append([]string{"-listen", "127.0.0.1:0"}, args...), in, &errs), &errs)
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
	require.NotContains(t, body, "Number")
	v.password = "guess"
	status, _ = v.send("/call", call)
	require.Equal(t, http.StatusUnauthorized, status)

	v.password = password
	status, body = v.send("/call", call)
	require.Equal(t, http.StatusOK, status, body)
	require.Contains(t, body, "alice, your phone 2000 rings first.")
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
	begun, answered := make(chan bool), make(chan error, 1)
	go func() {
		// The handler says so itself when it reads what was sent.
		trace := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{Got100Continue: func() { close(begun) }})
		req, err := http.NewRequestWithContext(trace, "POST", base+"/call", strings.NewReader("number=0155171889")) // nobody answers there
		if err == nil {
			req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			req.Header.Set("Expect", "100-continue")
			req.SetBasicAuth("alice", password)
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

// TestRightAndLicence: without the right there is no call, and no right without
// a licence: there is one seat.
func TestRightAndLicence(t *testing.T) {
	s, err := setup.Read("", nil)
	require.NoError(t, err)
	in, err := setup.Install(t.Context(), s, nil)
	require.NoError(t, err)
	agent, err := permitCalls(t.Context(), in, "alice", "correct horse")
	require.NoError(t, err)
	require.Equal(t, cti.DeviceID("2000"), agent)
	_, err = permitCalls(t.Context(), in, "karim", "correct horse")
	require.ErrorContains(t, err, "1 available, 1 missing")
	p := &page{Installation: in}
	err = p.placeCall(nil, &shown{User: "karim"})
	require.ErrorIs(t, err, errNotPermitted)
	require.Equal(t, http.StatusForbidden, statusOf(err))
}

func TestMistakes(t *testing.T) {
	for _, args := range [][]string{{"-nonsense"}, {"more"}, {"-config", "none.json"}, {"-user", "nobody"}, {"-via", "77"}} {
		var errs bytes.Buffer
		require.Equal(t, 2, setup.Exit("clicktocall", servePage(t.Context(), args, io.Discard, &errs), &errs), args)
		require.Contains(t, errs.String(), args[len(args)-1])
	}
	require.ErrorContains(t, servePage(t.Context(), []string{"-via", "1900,1900"}, io.Discard, io.Discard), "via[1]")
}
