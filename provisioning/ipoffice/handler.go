package ipoffice

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/ctikit/ctikit/provisioning"
)

// maxStatic bounds a static file that is served.
const maxStatic = 16 << 20

// Handler serves the settings files to telephones and clients: each is generated
// when it is asked for and kept nowhere. It answers GET and HEAD for files of one
// folder; mount it with http.StripPrefix elsewhere than at the root. Config is
// required, the other fields are optional. It may be used concurrently.
type Handler struct {
	// Config returns the current configuration.
	Config func() Config
	// Static holds uploaded files. One named as a generated file replaces it;
	// others, such as certificates, are served unchanged. A folder of the disk is
	// an os.Root's FS; os.DirFS would follow links out of it.
	Static fs.FS
	// AvayaOnly refuses everything but Avaya's telephones and clients, as the
	// system's option "Avaya HTTP clients only" does. It goes by the User-Agent:
	// a courtesy against browsers, no protection.
	AvayaOnly bool
	// IsAvaya reports whether a User-Agent is one of them; nil: by their usual names.
	IsAvaya func(userAgent string) bool
	// Allow is asked before a file is made; false answers 429. It is where a host
	// limits the rate; it is called concurrently.
	Allow func(*http.Request) bool
	// Requester says who asks; nil: a request from the address of the source
	// number RW_SBC_PROV is remote, any other is local.
	Requester func(*http.Request) Requester
	// CloseFor reports for a User-Agent whether the connection must be closed after
	// the answer; nil: for 96x0 and 96x1 telephones, whose firmware waits for it.
	CloseFor func(userAgent string) bool
	// Failed receives the reason why a file could not be made: a problem of the
	// configuration, or a static file that cannot be read. The client does not see it.
	Failed func(r *http.Request, err error)
}

// ServeHTTP answers one request.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	agent := r.UserAgent()
	avaya := h.IsAvaya
	if avaya == nil {
		avaya = isAvayaAgent
	}
	switch {
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "only GET and HEAD", http.StatusMethodNotAllowed)
		return
	case h.AvayaOnly && !avaya(agent):
		http.Error(w, "Avaya HTTP clients only", http.StatusForbidden)
		return
	case h.Allow != nil && !h.Allow(r):
		w.Header().Set("Retry-After", "1")
		http.Error(w, "too many requests", http.StatusTooManyRequests)
		return
	}
	name := strings.TrimPrefix(r.URL.Path, "/")
	if !isPlainName(name) {
		http.NotFound(w, r)
		return
	}
	text, err := h.makeFile(r, name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		http.NotFound(w, r)
		return
	case err != nil:
		if h.Failed != nil {
			h.Failed(r, err)
		}
		http.Error(w, "the file cannot be made", http.StatusInternalServerError)
		return
	}
	closeFor := h.CloseFor
	if closeFor == nil {
		closeFor = needsClose
	}
	if closeFor(agent) {
		w.Header().Set("Connection", "close")
	}
	serveFileContent(w, r, name, text)
}

// makeFile makes or reads a file.
func (h *Handler) makeFile(r *http.Request, name string) ([]byte, error) {
	if h.Config == nil {
		return nil, errors.New("ipoffice: Handler.Config is missing")
	}
	cfg := h.Config()
	return fileContent(&cfg, h.Static, h.identifyRequester(&cfg, r), name)
}

func serveFileContent(w http.ResponseWriter, r *http.Request, name string, text []byte) {
	sum := sha256.Sum256(text)
	header := w.Header()
	header.Set("ETag", `"`+hex.EncodeToString(sum[:16])+`"`)
	header.Set("Cache-Control", "no-cache") // keep it, but ask again
	header.Set("X-Content-Type-Options", "nosniff")
	if strings.HasSuffix(name, ".txt") {
		header.Set("Content-Type", "text/plain; charset=utf-8")
	}
	http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(text))
}

// isPlainName: a file of the folder itself, not hidden.
func isPlainName(name string) bool {
	return name != "" && name[0] != '.' && !strings.ContainsAny(name, "/\\:\x00") && fs.ValidPath(name)
}

// isAvayaAgent goes by the names that Avaya's telephones and clients give themselves.
func isAvayaAgent(agent string) bool {
	if strings.HasPrefix(agent, "Mozilla/") {
		return false
	}
	for _, word := range []string{"avaya", "equinox", "workplace", "one-x", "96x", "46xx"} {
		if strings.Contains(strings.ToLower(agent), word) {
			return true
		}
	}
	return false
}

// needsClose: the telephones whose firmware waits for the end of the connection.
func needsClose(agent string) bool {
	for _, word := range []string{"96x0", "96x1", "9608", "9611", "9620", "9621", "9630", "9640", "9641", "9650"} {
		if strings.Contains(agent, word) {
			return true
		}
	}
	return false
}

func (h *Handler) identifyRequester(cfg *Config, r *http.Request) Requester {
	if h.Requester != nil {
		return h.Requester(r)
	}
	addr := r.RemoteAddr
	if host, _, err := net.SplitHostPort(addr); err == nil {
		addr = host
	}
	from, err := netip.ParseAddr(addr)
	return Requester{Remote: err == nil && cfg.IsRemote(from)}
}

// fileContent returns a file: the static one, else the generated one.
func fileContent(c *Config, static fs.FS, req Requester, name string) ([]byte, error) {
	if static != nil {
		text, err := readStatic(static, name)
		if !errors.Is(err, fs.ErrNotExist) {
			return text, err
		}
	}
	switch name {
	case SettingsFile:
		if static != nil && !c.SpecialsUploaded && provisioning.Specials.Check(c.Release, c.System) == nil {
			_, err := fs.Stat(static, SpecialsFile)
			c.SpecialsUploaded = err == nil
		}
		return c.Settings(req)
	case SpecialsFile:
		if c.Specials != nil {
			return c.SpecialsText()
		}
	}
	return nil, fs.ErrNotExist
}

func readStatic(static fs.FS, name string) ([]byte, error) {
	info, err := fs.Stat(static, name) // before Open, which waits for a writer where it is a pipe
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fs.ErrNotExist
	}
	f, err := static.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxStatic+1))
	if err == nil && len(text) > maxStatic {
		err = errors.New("ipoffice: " + name + " is larger than " + strconv.Itoa(maxStatic) + " bytes")
	}
	return text, err
}
