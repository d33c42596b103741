package negotiate

import (
	"context"
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ctikit/ctikit/auth"
	"github.com/stretchr/testify/require"
)

func get(t testing.TB, server *httptest.Server, authorization string) (int, http.Header, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), "GET", server.URL, nil)
	require.NoError(t, err)
	if authorization != "" {
		request.Header.Set("Authorization", authorization)
	}
	response, err := server.Client().Do(request)
	require.NoError(t, err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return response.StatusCode, response.Header, string(body)
}

func TestRequireAndOffer(t *testing.T) {
	a, table := newAcceptor(t, Config{})
	required, offered := httptest.NewServer(a.Require(whoami)), httptest.NewServer(a.Offer(whoami))
	defer required.Close()
	defer offered.Close()
	token := func() string { return "negotiate " + base64.StdEncoding.EncodeToString(newForge().token(t, table)) }

	status, header, _ := get(t, required, "")
	require.Equal(t, http.StatusUnauthorized, status)
	require.Equal(t, "Negotiate", header.Get("WWW-Authenticate"))
	require.Equal(t, "no-store", header.Get("Cache-Control"))
	status, header, body := get(t, required, token())
	require.Equal(t, http.StatusOK, status)
	require.Equal(t, "alice EXAMPLE.TEST Kerberos", body)
	require.True(t, strings.HasPrefix(header.Get("WWW-Authenticate"), "Negotiate "), "we prove ourselves too")

	_, _, body = get(t, offered, "")
	require.Equal(t, "nobody", body)
	_, _, body = get(t, offered, "Basic YTpi")
	require.Equal(t, "nobody", body, "another scheme is the host's")
	_, _, body = get(t, offered, token())
	require.Equal(t, "alice EXAMPLE.TEST Kerberos", body)
	status, _, _ = get(t, offered, "Negotiate AAAA")
	require.Equal(t, http.StatusUnauthorized, status, "a wrong token is not no token")
}

// TestThroughTheChain: WindowsSecurity|TWS with the ticket of a known user.
func TestThroughTheChain(t *testing.T) {
	a, table := newAcceptor(t, Config{})
	chain, err := auth.New(auth.Config{Users: users{}, Default: "WindowsSecurity", Methods: map[auth.Method]auth.Authenticator{auth.WindowsSecurity: auth.WindowsSession{}}})
	require.NoError(t, err)
	server := httptest.NewServer(a.Offer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		in, err := chain.SignIn(r.Context(), Attempt(r))
		if err != nil {
			http.Error(w, err.Error(), http.StatusForbidden)
			return
		}
		io.WriteString(w, in.User+" by "+string(in.Method))
	})))
	defer server.Close()
	_, _, body := get(t, server, "Negotiate "+base64.StdEncoding.EncodeToString(newForge().token(t, table)))
	require.Equal(t, "u-alice by WindowsSecurity", body)
	f := newForge()
	f.client = "mallory"
	status, _, _ := get(t, server, "Negotiate "+base64.StdEncoding.EncodeToString(f.token(t, table)))
	require.Equal(t, http.StatusForbidden, status)
	status, _, _ = get(t, server, "")
	require.Equal(t, http.StatusForbidden, status)
}

type users struct{}

func (users) Find(name, domain string) (string, bool) {
	return "u-" + name, name == "alice" && domain == realm
}
func (users) Enabled(string) bool { return true }

// guestbook is an NTLM adapter with behaviour of its own: three messages, of
// which the last names the user.
type guestbook struct{ started, closed atomic.Int32 }

type visit struct {
	book  *guestbook
	steps int
}

func (g *guestbook) Start() NTLMConversation { g.started.Add(1); return &visit{book: g} }

func (v *visit) Close() { v.book.closed.Add(1) }

func (v *visit) Step(_ context.Context, message []byte) ([]byte, Identity, bool, error) {
	v.steps++
	switch {
	case v.steps == 1 && string(message) == "NTLMSSP\x00\x01":
		return []byte("NTLMSSP\x00\x02"), Identity{}, false, nil
	case v.steps == 2 && string(message) == "NTLMSSP\x00\x03alice":
		return nil, Identity{Name: "alice", Realm: "WORKGROUP"}, true, nil
	}
	return nil, Identity{}, false, errors.New("out of step")
}

func TestNTLMAdapter(t *testing.T) {
	book := &guestbook{}
	a, _ := newAcceptor(t, Config{NTLM: book})
	server := httptest.NewUnstartedServer(a.Require(whoami))
	a.Attach(server.Config)
	server.Start()
	send := func(message string) (int, string, string) {
		status, header, body := get(t, server, "Negotiate "+base64.StdEncoding.EncodeToString(spnego(oidNTLM, []byte(message))))
		return status, header.Get("WWW-Authenticate"), body
	}
	status, challenge, _ := send("NTLMSSP\x00\x01")
	require.Equal(t, http.StatusUnauthorized, status)
	token, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(challenge, "Negotiate "))
	require.NoError(t, err)
	fields, err := splitNegToken(tagContext+1, token)
	require.NoError(t, err)
	require.Equal(t, []byte{tagEnumerated, 1, 1}, fields[0], "to be continued")
	status, _, body := send("NTLMSSP\x00\x03alice")
	require.Equal(t, http.StatusOK, status)
	require.Equal(t, "alice WORKGROUP NTLM", body)
	status, _, _ = send("NTLMSSP\x00\x03alice")
	require.Equal(t, http.StatusUnauthorized, status, "the conversation is over: the connection is not the user's for good")
	send("NTLMSSP\x00\x01")
	server.Close()
	server.Client().CloseIdleConnections()
	require.Eventually(t, func() bool { return book.closed.Load() == 3 }, time.Minute, 10*time.Millisecond)
	require.EqualValues(t, 3, book.started.Load())

	without := httptest.NewServer(a.Require(whoami)) // not attached: no place for the state
	defer without.Close()
	status, _, _ = get(t, without, "Negotiate "+base64.StdEncoding.EncodeToString([]byte("NTLMSSP\x00\x01")))
	require.Equal(t, http.StatusUnauthorized, status)
	require.EqualValues(t, 3, book.started.Load())
}
