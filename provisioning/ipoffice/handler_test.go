package ipoffice_test

import (
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/internal/testenv"
	"github.com/ctikit/ctikit/provisioning"
	"github.com/ctikit/ctikit/provisioning/ipoffice"
)

func ask(h http.Handler, path string, header ...string) *http.Response {
	r := httptest.NewRequest(http.MethodGet, path, nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func body(t testing.TB, r *http.Response) string {
	t.Helper()
	text, err := io.ReadAll(r.Body)
	require.NoError(t, err)
	return string(text)
}

func handler(t testing.TB) *ipoffice.Handler {
	c := complete(t)
	return &ipoffice.Handler{Config: func() ipoffice.Config { return c }}
}

func TestHandlerGenerates(t *testing.T) {
	h := handler(t)
	c := h.Config()
	want, err := c.Settings(ipoffice.Requester{})
	require.NoError(t, err)
	r := ask(h, "/46xxsettings.txt")
	require.Equal(t, http.StatusOK, r.StatusCode)
	require.Equal(t, string(want), body(t, r))
	require.EqualValues(t, len(want), r.ContentLength)
	require.Equal(t, "text/plain; charset=utf-8", r.Header.Get("Content-Type"))

	tag := r.Header.Get("ETag")
	require.NotEmpty(t, tag)
	require.Equal(t, http.StatusNotModified, ask(h, "/46xxsettings.txt", "If-None-Match", tag).StatusCode)
	c.Country = "France"
	h.Config = func() ipoffice.Config { return c }
	r = ask(h, "/46xxsettings.txt", "If-None-Match", tag)
	require.Equal(t, http.StatusOK, r.StatusCode, "another configuration, another file")
	require.Contains(t, body(t, r), "SET COUNTRY France\n")
	require.Equal(t, http.StatusNotFound, ask(h, "/46xxspecials.txt").StatusCode)
}

func TestHandlerStatic(t *testing.T) {
	h := handler(t)
	h.Static = fstest.MapFS{
		"46xxspecials.txt": {Data: []byte("SET A 1\n")}, "WebRootCA.pem": {Data: []byte("pem")},
		".hidden": {Data: []byte("x")}, "private/key.pem": {Data: []byte("x")},
	}
	require.Equal(t, "SET A 1\n", body(t, ask(h, "/46xxspecials.txt")))
	require.Contains(t, body(t, ask(h, "/46xxsettings.txt")), "# END\nGET 46xxspecials.txt\n")
	require.Equal(t, "pem", body(t, ask(h, "/WebRootCA.pem")))
	for _, path := range []string{"/", "/.hidden", "/private/key.pem", "/private", "/../handler.go", "/..%2fhandler.go", "/%2e%2e/x", "/a\\b", "/C:x", "/x%00", "//etc/passwd"} {
		require.Equal(t, http.StatusNotFound, ask(h, path).StatusCode, path)
	}
	h.Static = fstest.MapFS{"46xxsettings.txt": {Data: []byte("SET STATIC 1\n")}}
	require.Equal(t, "SET STATIC 1\n", body(t, ask(h, "/46xxsettings.txt")), "an uploaded file takes the place of the generated one")
	h.Static = fstest.MapFS{"big.txt": {Data: make([]byte, 17<<20)}}
	require.Equal(t, http.StatusInternalServerError, ask(h, "/big.txt").StatusCode)
}

// A release whose clients know no 46xxspecials.txt may have one for telephones:
// clients are not sent to it, and still get their own file.
func TestHandlerSpecialsOfAnOldRelease(t *testing.T) {
	c := complete(t)
	c.Release, c.Client.CallHandover, c.Client.AutoAnswer, c.Codecs = provisioning.NewVersion(11, 1, 1), false, false, []string{"G722"}
	h := &ipoffice.Handler{Config: func() ipoffice.Config { return c }, Static: fstest.MapFS{"46xxspecials.txt": {Data: []byte("SET A 1\n")}}}
	r := ask(h, "/46xxsettings.txt")
	require.Equal(t, http.StatusOK, r.StatusCode)
	require.NotContains(t, body(t, r), "GET")
	require.Equal(t, "SET A 1\n", body(t, ask(h, "/46xxspecials.txt")))
}

// pipes holds named pipes only, of which Open would never return.
type pipes struct{ t *testing.T }

func (p pipes) Open(name string) (fs.File, error) {
	p.t.Errorf("%s was opened", name)
	return nil, fs.ErrInvalid
}

func (pipes) Stat(name string) (fs.FileInfo, error) {
	return fs.Stat(fstest.MapFS{name: {Mode: fs.ModeNamedPipe}}, name)
}

func TestHandlerOpensNoPipe(t *testing.T) {
	h := handler(t)
	h.Static = pipes{t}
	require.Equal(t, http.StatusNotFound, ask(h, "/WebRootCA.pem").StatusCode)
}

func TestHandlerRefuses(t *testing.T) {
	h := handler(t)
	h.AvayaOnly = true
	require.Equal(t, http.StatusForbidden, ask(h, "/46xxsettings.txt", "User-Agent", "Mozilla/5.0 (Avaya)").StatusCode)
	require.Equal(t, http.StatusForbidden, ask(h, "/46xxsettings.txt").StatusCode)
	require.Equal(t, http.StatusOK, ask(h, "/46xxsettings.txt", "User-Agent", "Avaya Workplace/3.33 (Windows)").StatusCode)

	h.IsAvaya = func(agent string) bool { return agent == "curl" }
	require.Equal(t, http.StatusOK, ask(h, "/46xxsettings.txt", "User-Agent", "curl").StatusCode)
	require.Equal(t, http.StatusInternalServerError, ask(&ipoffice.Handler{}, "/46xxsettings.txt").StatusCode)

	h = handler(t)
	h.Allow = func(r *http.Request) bool { return r.URL.Path != "/46xxsettings.txt" }
	r := ask(h, "/46xxsettings.txt")
	require.Equal(t, http.StatusTooManyRequests, r.StatusCode)
	require.NotEmpty(t, r.Header.Get("Retry-After"))

	w := httptest.NewRecorder()
	handler(t).ServeHTTP(w, httptest.NewRequest(http.MethodPut, "/46xxsettings.txt", nil))
	require.Equal(t, http.StatusMethodNotAllowed, w.Code)
	require.Equal(t, "GET, HEAD", w.Header().Get("Allow"))

	bad := handler(t)
	bad.Config = func() ipoffice.Config { return ipoffice.Config{Country: "secret place"} }
	var why error
	bad.Failed = func(_ *http.Request, err error) { why = err }
	r = ask(bad, "/46xxsettings.txt")
	require.Equal(t, http.StatusInternalServerError, r.StatusCode)
	require.ErrorIs(t, why, ctikit.ErrInvalid)
	require.NotContains(t, body(t, r), "secret place")
}

// Every client gets a whole file of one configuration while it changes.
func TestHandlerConcurrently(t *testing.T) {
	countries := []string{"France", "UK"}
	var asked atomic.Int64
	c := complete(t)
	h := &ipoffice.Handler{Config: func() ipoffice.Config {
		c := c
		c.Country = countries[asked.Add(1)%2]
		return c
	}}
	want := map[string]bool{}
	for _, country := range countries {
		c := c
		c.Country = country
		text, err := c.Settings(ipoffice.Requester{})
		require.NoError(t, err)
		want[string(text)] = true
	}
	var clients sync.WaitGroup
	for range 4 {
		clients.Go(func() {
			for range 50 {
				w := httptest.NewRecorder()
				h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/46xxsettings.txt", nil))
				assert.True(t, want[w.Body.String()])
			}
		})
	}
	clients.Wait()
	require.EqualValues(t, 200, asked.Load())
}

func TestHandlerRemote(t *testing.T) {
	c := complete(t)
	c.SourceNumbers = []string{"RW_SBC_PROV=192.0.2.1", "RW_SBC_REG=203.0.113.9", "RW_SBC_TLS=5061"} // httptest asks from 192.0.2.1
	h := &ipoffice.Handler{Config: func() ipoffice.Config { return c }}
	require.Contains(t, body(t, ask(h, "/46xxsettings.txt")), "SET SIP_CONTROLLER_LIST 203.0.113.9:5061;transport=tls\n")
	h.Requester = func(*http.Request) ipoffice.Requester { return ipoffice.Requester{} }
	require.Contains(t, body(t, ask(h, "/46xxsettings.txt")), "SET SIP_CONTROLLER_LIST 192.168.0.76:5060;transport=tcp\n")
	require.True(t, c.IsRemote(netip.MustParseAddr("::ffff:192.0.2.1")))
}

func TestFS(t *testing.T) {
	c := complete(t)
	require.NoError(t, fstest.TestFS(ipoffice.FS{Config: c}, ipoffice.SettingsFile))
	c.Specials = &ipoffice.Specials{}
	site := ipoffice.FS{Config: c, Static: fstest.MapFS{"WebRootCA.pem": {Data: []byte("pem")}, "sub/x": {Data: []byte("x")}}}
	require.NoError(t, fstest.TestFS(site, ipoffice.SettingsFile, ipoffice.SpecialsFile, "WebRootCA.pem"))
	_, err := site.Open("sub/x")
	require.Error(t, err)
	_, err = ipoffice.FS{}.Open(ipoffice.SettingsFile)
	require.ErrorIs(t, err, ctikit.ErrInvalid)
}

// curl shares no code with our handler.
func TestCurl(t *testing.T) {
	curl := testenv.Tool(t, "curl", "curl")
	h := handler(t)
	h.AvayaOnly = true
	server := httptest.NewServer(h)
	defer server.Close()
	run := func(args ...string) string {
		out, err := exec.Command(curl, append([]string{"--silent", "--show-error", "--noproxy", "*"}, args...)...).Output()
		require.NoError(t, err)
		return string(out)
	}
	c := h.Config()
	want, err := c.Settings(ipoffice.Requester{})
	require.NoError(t, err)
	url := server.URL + "/46xxsettings.txt"
	require.Equal(t, string(want), run("-A", "Avaya Workplace/3.33", url))
	require.Equal(t, "403", run("-A", "Mozilla/5.0", "-o", "/dev/null", "-w", "%{http_code}", url))
	head := run("-A", "AVAYA/96x1 SIP", "-I", url)
	require.Contains(t, head, "Connection: close")
	require.Contains(t, head, "Content-Length: ")
	require.NotContains(t, run("-A", "AVAYA/J179", "-I", url), "Connection: close")
	require.Equal(t, "404", run("-A", "Avaya", "-o", "/dev/null", "-w", "%{http_code}", "--path-as-is", server.URL+"/../../etc/passwd"))
	require.Equal(t, string(want[:10]), run("-A", "Avaya", "-r", "0-9", url))
}

func TestReadConfig(t *testing.T) {
	c, err := ipoffice.ReadConfig(strings.NewReader(`{"release":"11.1.3","system":{"ip500v2":true},"address":"192.0.2.7","registrar":"pbx.example.com","country":"France",
		"specials":{"groups":{"2":[{"name":"DSCPAUD","value":"40"}]}},"sourceNumbers":["SET_CDNL=DISABLED"]}`))
	require.NoError(t, err)
	require.Equal(t, provisioning.NewVersion(11, 1, 3), c.Release)
	require.Equal(t, 5061, c.SIP.Port, "the defaults stay")
	for doc, want := range map[string]string{
		`{"adress":"x"}`:       "unknown field",
		`{"release":"x"}`:      `version "x"`,
		`{"release":"11.1.3"}`: "address",
		`{} {}`:                "unexpected text after",
		`{"codecs":["OPUS"`:    "unexpected EOF",
	} {
		_, err := ipoffice.ReadConfig(strings.NewReader(doc))
		require.ErrorContains(t, err, want, doc)
	}
}

func FuzzReadConfig(f *testing.F) {
	f.Add(`{"release":"11.1.3","address":"192.0.2.7","country":"France","sourceNumbers":["SET_CDNL=\"911\""]}`)
	f.Add(`{"release":"11.1.3","address":"192.0.2.7","country":"$A","client":{"conferenceName":"\n"}}`)
	f.Fuzz(func(t *testing.T, doc string) {
		c, err := ipoffice.ReadConfig(strings.NewReader(doc))
		if err != nil {
			return
		}
		text, err := c.Settings(ipoffice.Requester{Remote: true})
		require.NoError(t, err, "what was checked can be written")
		res := evaluate(t, text, map[string]string{"MODEL4": "acw", "SIG_IN_USE": "SIP"})
		require.NotEmpty(t, res.Settings)
	})
}
