package ecma323_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/csta/internal/ecma323"
	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/internal/testenv"
)

// sessionMessages are all that a driver or a server says of application sessions.
func sessionMessages(t *testing.T) (out [][]byte) {
	add := func(m []byte, err error) {
		require.NoError(t, err)
		out = append(out, m[4:])
	}
	c := codec(4)
	id := message.Session{ID: "009968951"}
	lasting := message.Session{ID: id.ID, Protocols: []string{ecma323.Namespace(4)}, Duration: message.Some(int64(600))}
	for _, login := range []ecma323.Login{ecma323.LoginUser, ecma323.LoginAvaya} {
		for _, user := range []string{"", "u&1"} {
			s := message.Session{Application: "a", User: user, Password: ctikit.NewSecret("p<2"), Protocols: lasting.Protocols,
				Duration: lasting.Duration}
			add(ecma323.New(ecma323.Config{Edition: 4, Login: login}, message.Options{}).AppendRequest(nil, 1,
				&message.Request{Op: message.StartApplicationSession, Session: &s}))
		}
	}
	for _, op := range []message.Operation{message.StartApplicationSession, message.ResetApplicationSessionTimer,
		message.StopApplicationSession} {
		if op != message.StartApplicationSession {
			s := lasting
			s.Reason = "normal"
			add(c.AppendRequest(nil, 1, &message.Request{Op: op, Session: &s}))
		}
		add(c.AppendResult(nil, 1, &message.Result{Op: op, Session: &lasting}))
		for _, reason := range []string{"invalidApplicationInfo", "requestedProtocolVersionNotSupported",
			"serverResourcesBusy",
			"maxNumberSessions", "invalidSessionID", "serverCannotResetSessionTimer", "the PBX's own"} {
			add(c.AppendResult(nil, 1, &message.Result{Op: op, Session: &message.Session{Reason: reason}}))
		}
	}
	for _, reason := range []string{"resourceLimitation", "sessionTimerExpired", "shutdown"} {
		s := id
		s.Reason = reason
		add(c.AppendRequest(nil, 1, &message.Request{Op: message.ApplicationSessionTerminated, Session: &s}))
	}
	return out
}

// TestSessionSchema: they are valid against what is known of ECMA-354, and what
// is wrong is not.
func TestSessionSchema(t *testing.T) {
	for _, m := range sessionMessages(t) {
		require.NoError(t, sessionLint(t, m), "%s", m)
	}
	for name, wrong := range map[string][2]string{
		"name": {"ResetApplicationSessionTimer", "ResetApplicationTimer"},
		"order": {"<sessionID>009968951</sessionID><requestedSessionDuration>600</requestedSessionDuration>",
			"<requestedSessionDuration>600</requestedSessionDuration><sessionID>009968951</sessionID>"},
		"lacking":   {"<requestedSessionDuration>600</requestedSessionDuration>", ""},
		"number":    {"<requestedSessionDuration>600<", "<requestedSessionDuration>long<"},
		"reason":    {"<definedError>invalidSessionID", "<definedError>invalidID"},
		"both":      {"</definedTermReason>", "</definedTermReason><serverTermReason>x</serverTermReason>"},
		"namespace": {"ecma-354/appl_session", "ecma-354/session"},
	} {
		found := false
		for _, m := range sessionMessages(t) {
			if bad := bytes.ReplaceAll(m, []byte(wrong[0]), []byte(wrong[1])); !bytes.Equal(bad, m) {
				found = true
				require.Error(t, sessionLint(t, bad), "%s: %s", name, bad)
			}
		}
		require.True(t, found, name)
	}
}

// sessionLint checks one message with xmllint.
func sessionLint(t *testing.T, m []byte) error {
	path := filepath.Join(t.TempDir(), "m.xml")
	require.NoError(t, os.WriteFile(path, m, 0o600))
	return exec.Command(testenv.Tool(t, "xmllint", "xmllint"), "--noout", "--nonet", "--schema",
		"testdata/appl_session.xsd", path).Run()
}

// TestSessionReasons: the reason is read from each place that it can stand in.
func TestSessionReasons(t *testing.T) {
	for doc, want := range map[string]string{
		"<StartApplicationSessionNegResponse><errorCode><definedError>maxNumberSessions</definedError></errorCode></StartApplicationSessionNegResponse>":                                         "maxNumberSessions",
		"<StartApplicationSessionNegResponse><errorCode><applError>no licence</applError></errorCode></StartApplicationSessionNegResponse>":                                                      "no licence",
		"<StopApplicationSession><sessionID>1</sessionID><sessionEndReason><definedEndReason>normal</definedEndReason></sessionEndReason></StopApplicationSession>":                              "normal",
		"<StopApplicationSession><sessionID>1</sessionID><sessionEndReason><appEndReason>tired</appEndReason></sessionEndReason></StopApplicationSession>":                                       "tired",
		"<ApplicationSessionTerminated><sessionID>1</sessionID><sessionTermReason><definedTermReason>sessionTimerExpired</definedTermReason></sessionTermReason></ApplicationSessionTerminated>": "sessionTimerExpired",
		"<ApplicationSessionTerminated><sessionID>1</sessionID><sessionTermReason><serverTermReason>moved</serverTermReason></sessionTermReason></ApplicationSessionTerminated>":                 "moved",
		"<a:ApplicationSessionTerminated xmlns:a='x'><a:sessionTermReason><a:definedTermReason>resourceLimitation</a:definedTermReason></a:sessionTermReason></a:ApplicationSessionTerminated>":  "resourceLimitation",
	} {
		var m message.Message
		require.NoError(t, codec(4).Decode([]byte("0001"+doc), &m), doc)
		s := m.Request.Session
		if m.Kind == message.ResultKind {
			s = m.Result.Session
		}
		require.NotNil(t, s, doc)
		require.Equal(t, want, s.Reason, doc)
		require.Zero(t, m.Skipped, doc)
	}
}
