package ldapsource

import (
	"context"
	"errors"
	"io"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/directory"
)

// What a real server says only when it is in trouble, said by a scripted one.

// scripted answers each request by its operation; nil hangs up.
type scripted map[byte]func(id int) [][]byte

func (s scripted) serve(c net.Conn) {
	defer c.Close()
	in := newConn(c, 5*time.Second, 1<<20)
	for {
		raw, err := in.nextMessage(context.Background())
		if err != nil {
			return
		}
		id, m, err := parseMessage(raw)
		if err != nil || s[m.op] == nil {
			return
		}
		for _, answer := range s[m.op](id) {
			if _, err := c.Write(answer); err != nil {
				return
			}
		}
	}
}

func resultOf(op byte, id, code int, text string) []byte {
	body := appendString(appendString(appendInteger(nil, tagEnumerated, code), tagOctet, ""), tagOctet, text)
	return appendMessage(nil, id, appendElement(nil, op, body), nil)
}

func entryOf(id int, dn, key string) []byte {
	attr := appendElement(nil, tagSequence, append(appendString(nil, tagOctet, "entryUUID"), appendElement(nil, tagSet, appendString(nil, tagOctet, key))...))
	body := appendElement(appendString(nil, tagOctet, dn), tagSequence, attr)
	return appendMessage(nil, id, appendElement(nil, opSearchEntry, body), nil)
}

func searchEnds(code int) func(id int) [][]byte {
	return func(id int) [][]byte {
		return [][]byte{entryOf(id, "cn=a", "1"), resultOf(opSearchDone, id, code, "")}
	}
}

func bindSays(code int) func(id int) [][]byte {
	return func(id int) [][]byte { return [][]byte{resultOf(opBindResponse, id, code, "")} }
}

// scriptedSource reads from scripted servers, one address each, and counts the binds.
func scriptedSource(t *testing.T, servers ...scripted) *Source {
	byAddress := map[string]scripted{}
	s := &Source{Plaintext: true, Login: "cn=x", Password: ctikit.NewSecret("secret"), Method: Full, Timeout: 5 * time.Second}
	for i, server := range servers {
		host := string(rune('a' + i))
		s.Servers = append(s.Servers, "ldap://"+host)
		byAddress[host+":389"] = server
	}
	ended := make(chan struct{}, 16)
	opened := 0
	s.Dial = func(_ context.Context, _, address string) (net.Conn, error) {
		if byAddress[address] == nil {
			return nil, errors.New("refused")
		}
		client, server := net.Pipe()
		opened++
		go func() { byAddress[address].serve(server); ended <- struct{}{} }()
		return client, nil
	}
	t.Cleanup(func() {
		for range opened {
			<-ended
		}
	})
	return s
}

func TestServersInTrouble(t *testing.T) {
	for code, want := range map[int]string{
		codeTimeLimitExceeded:  "incomplete: the server's time limit",
		codeSizeLimitExceeded:  "incomplete: the server's size limit",
		codeAdminLimitExceeded: "incomplete: an administrative limit",
		codeReferral:           "incomplete: the server refers to another one",
		codeBusy:               "result 51",
		1:                      "result 1 (Operations Error)",
		80:                     "result 80",
	} {
		searches := 0 // the root DSE and the base itself are read well
		g, err := read(scriptedSource(t, scripted{opBindRequest: bindSays(0), opSearchRequest: func(id int) [][]byte {
			if searches++; searches <= 2 {
				return searchEnds(0)(id)
			}
			return searchEnds(code)(id)
		}}), "")
		require.ErrorContains(t, err, want)
		require.Nil(t, g.end)
	}
	disconnection := func(int) [][]byte { return [][]byte{resultOf(opExtendedResponse, 0, codeUnavailable, "going down")} }
	_, err := read(scriptedSource(t, scripted{opBindRequest: bindSays(0), opSearchRequest: disconnection}), "")
	require.ErrorContains(t, err, "going down")
	another := func(id int) [][]byte { return searchEnds(0)(id + 7) }
	_, err = read(scriptedSource(t, scripted{opBindRequest: bindSays(0), opSearchRequest: another}), "")
	require.ErrorContains(t, err, "answer to message")
}

// A server that accepts and says nothing is told from a caller who has no more time.
func TestSilentServer(t *testing.T) {
	for _, scheme := range []string{"ldap", "ldaps"} {
		s := &Source{Servers: []string{scheme + "://a"}, Plaintext: true, Login: "cn=x", Password: ctikit.NewSecret("secret"), ConnectTimeout: 50 * time.Millisecond}
		s.Dial = func(context.Context, string, string) (net.Conn, error) {
			client, server := net.Pipe()
			go io.Copy(io.Discard, server)
			return client, nil
		}
		_, err := read(s, "")
		require.ErrorContains(t, err, "no answer within ConnectTimeout 50ms")
		require.NotErrorIs(t, err, context.DeadlineExceeded, "that would be the caller's")
		s.ConnectTimeout = time.Minute
		short, cancel := context.WithTimeout(ctx, 50*time.Millisecond)
		for _, err = range s.Read(short, "") {
		}
		cancel()
		require.ErrorIs(t, err, context.DeadlineExceeded)
	}
}

// A server that is down or busy is passed over; one that refuses the credentials
// is not, since every further bind counts towards a lockout.
func TestFailover(t *testing.T) {
	well := scripted{opBindRequest: bindSays(0), opSearchRequest: searchEnds(0)}
	g, err := read(scriptedSource(t, nil, scripted{opBindRequest: bindSays(codeBusy)}, scripted{opBindRequest: bindSays(codeUnavailable)}, scripted{}, well), "")
	require.NoError(t, err)
	require.Equal(t, &directory.End{Full: true}, g.end)
	binds := 0
	counted := scripted{opBindRequest: func(id int) [][]byte { binds++; return bindSays(49)(id) }}
	_, err = read(scriptedSource(t, nil, counted, counted, well), "")
	require.ErrorContains(t, err, "bind: result 49")
	require.Equal(t, 1, binds)
}
