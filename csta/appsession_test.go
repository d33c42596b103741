package csta_test

import (
	"bytes"
	"encoding/hex"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/csta"
	"github.com/ctikit/ctikit/csta/cstatest"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/ctitest"
	"github.com/ctikit/ctikit/cti/driver"
	"github.com/ctikit/ctikit/internal/testenv"
)

// TestSessionIsRenewed: the switch ends a session that is not renewed in time;
// ours lives on, and ends in an orderly way.
func TestSessionIsRenewed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, _ := csta.ProfileByName("OpenScape Business XML")
		p.SessionDuration = time.Minute
		h := harness(t, p)
		s, err := h.Connector.Open(t.Context(), nowhere{})
		require.NoError(t, err)
		time.Sleep(time.Hour)
		require.NoError(t, do(t.Context(), s, driver.Request{Op: cti.OpPing}))
		out := s.Counters().MessagesOut
		require.InDelta(t, 90, out, 5) // one every 40 s
		require.NoError(t, s.Close())
	})
}

// TestSessionIsStopped: the end of a link is told to the PBX.
func TestSessionIsStopped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, _ := csta.ProfileByName("OpenScape Voice")
		var record bytes.Buffer
		b := opened(t, p, cstatest.Options{}, func(c *csta.Config, _ *ctitest.LinkOptions) { c.Record = &record })
		require.NoError(t, b.session.Close())
		require.Contains(t, record.String(), hex.EncodeToString([]byte("<SystemRegisterCancel")))
		require.Contains(t, record.String(), hex.EncodeToString([]byte("<StopApplicationSession")))
		require.Contains(t, record.String(), hex.EncodeToString([]byte("<appEndReason>normal</appEndReason>")))
	})
}

// TestSessionIsEndedByTheSwitch: the link ends, and says why.
func TestSessionIsEndedByTheSwitch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, _ := csta.ProfileByName("OpenScape Business XML")
		b := opened(t, p, cstatest.Options{}, nil)
		b.server.EndSessions("shut\ndown")
		<-b.session.Done()
		require.ErrorIs(t, b.session.Err(), cti.ErrLinkDown)
		require.ErrorContains(t, b.session.Err(), `"shut\ndown"`)
	})
}

// TestSessionExpires: a switch that ends a session for its timer says so, and
// wants no answer.
func TestSessionExpires(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, _ := csta.ProfileByName("OpenScape Business XML")
		p.SessionDuration = time.Minute
		var record bytes.Buffer
		b := opened(t, p, cstatest.Options{}, func(c *csta.Config, _ *ctitest.LinkOptions) { c.Record = &record })
		b.server.EndSessions("sessionTimerExpired")
		<-b.session.Done()
		require.ErrorContains(t, b.session.Err(), "sessionTimerExpired")
		require.NoError(t, b.session.Close())
		require.Contains(t, record.String(), hex.EncodeToString([]byte("<definedTermReason>sessionTimerExpired</definedTermReason>")))
		require.NotContains(t, record.String(), hex.EncodeToString([]byte("<StopApplicationSessionPosResponse")))
	})
}

// TestSessionsOnTheWire: what the driver and the server say of sessions, from the
// login to the end, is valid against what is known of ECMA-354.
func TestSessionsOnTheWire(t *testing.T) {
	xmllint := testenv.Tool(t, "xmllint", "xmllint")
	for _, name := range []string{"OpenScape Business XML", "OpenScape Voice", "Avaya AES"} {
		p, _ := csta.ProfileByName(name)
		p.SessionDuration = time.Minute
		var record bytes.Buffer
		synctest.Test(t, func(t *testing.T) {
			keep := func(c *csta.Config, _ *ctitest.LinkOptions) { c.Record = &record }
			b := opened(t, p, cstatest.Options{}, keep)
			time.Sleep(time.Minute)
			require.NoError(t, b.session.Close())
			b = opened(t, p, cstatest.Options{}, keep)
			b.server.EndSessions("out of order")
			<-b.session.Done()
			require.NoError(t, b.session.Close())
		})
		seen := map[string]bool{}
		for line := range strings.Lines(record.String()) {
			fields := strings.Fields(line)
			doc, err := hex.DecodeString(fields[len(fields)-1])
			if err != nil || !bytes.Contains(doc, []byte("ecma-354")) {
				continue
			}
			seen[string(regexp.MustCompile(`<([A-Z]\w+)`).FindSubmatch(doc)[1])] = true
			path := filepath.Join(t.TempDir(), "m.xml")
			require.NoError(t, os.WriteFile(path, doc[bytes.IndexByte(doc, '<'):], 0o600))
			out, err := exec.Command(xmllint, "--noout", "--nonet", "--schema", "internal/ecma323/testdata/appl_session.xsd", path).CombinedOutput()
			require.NoError(t, err, "%s\n%s", doc, out)
		}
		for _, m := range []string{"StartApplicationSession", "StartApplicationSessionPosResponse", "ResetApplicationSessionTimer",
			"ResetApplicationSessionTimerPosResponse", "StopApplicationSession", "ApplicationSessionTerminated"} {
			require.True(t, seen[m], "%s: %s was not said", name, m)
		}
	}
}

// TestRefusals: a wrong password is one thing, another protocol is another.
func TestRefusals(t *testing.T) {
	for _, name := range []string{"OpenScape Business XML", "OpenScape Business BER", "Avaya AES", "OpenScape Voice", "Alcatel OmniPCX Office"} {
		t.Run(name, func(t *testing.T) {
			p, _ := csta.ProfileByName(name)
			h := harness(t, p)
			cfg := h.Connector.(csta.Config)
			if p.Login {
				cfg.Password = ctikit.NewSecret("wrong")
				_, err := cfg.Open(t.Context(), nowhere{})
				require.ErrorIs(t, err, cti.ErrBadCredentials)
				cfg.Password = ctikit.NewSecret("s3cret")
			}
			if cfg.Profile.Context = "1.2.3"; p.Encoding.XML() {
				cfg.Profile.Encoding = csta.XML6
			}
			_, err := cfg.Open(t.Context(), nowhere{})
			require.ErrorIs(t, err, cti.ErrRefused)
			require.NotErrorIs(t, err, cti.ErrBadCredentials)
			if cfg.Profile = p; p.Association && p.Version >= 0 {
				cfg.Profile.Version = 9
				_, err = cfg.Open(t.Context(), nowhere{})
				require.ErrorIs(t, err, cti.ErrRefused)
				require.ErrorContains(t, err, "version")
			}
		})
	}
}

// TestRefusedSessions: what ECMA-354 says about a refusal is what a host decides on.
func TestRefusedSessions(t *testing.T) {
	for refusal, want := range map[string]error{
		"<definedError>invalidApplicationInfo</definedError>":               cti.ErrBadCredentials,
		"<definedError>requestedProtocolVersionNotSupported</definedError>": cti.ErrRefused,
		"<definedError>serverResourcesBusy</definedError>":                  cti.ErrBusy,
		"<definedError>maxNumberSessions</definedError>":                    cti.ErrBusy,
		"<applError>no licence</applError>":                                 cti.ErrRefused,
	} {
		listener := ctitest.Listen(ctitest.PipeOptions{})
		go func() {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			defer c.Close()
			id, _, err := readXML(c)
			if err == nil {
				writeXML(c, id+"<StartApplicationSessionNegResponse><errorCode>"+refusal+"</errorCode></StartApplicationSessionNegResponse>")
				_, _, _ = readXML(c)
			}
		}()
		p, _ := csta.ProfileByName("Avaya AES")
		_, err := csta.Config{Addr: "pbx", Profile: p, Dial: listener.Dial, User: "u", Password: ctikit.NewSecret("secret")}.Open(t.Context(), nowhere{})
		require.ErrorIs(t, err, want, refusal)
		require.ErrorContains(t, err, regexp.MustCompile(`>(.*)<`).FindStringSubmatch(refusal)[1], refusal)
		listener.Close()
	}
}
