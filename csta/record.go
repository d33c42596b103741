package csta

import (
	"bytes"
	"fmt"
	"io"
	"regexp"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/csta/internal/recording"
)

// recorder writes what passes over a link. It has its own goroutine, so
// that a slow file never holds up the link: what it cannot keep up with is
// omitted, and counted in the file.
type recorder struct {
	to    io.Writer
	lines chan []byte
	end   chan struct{}
	ended sync.Once
	wg    sync.WaitGroup

	mu   sync.Mutex
	lost int
}

// recorderRoom is how many messages may wait to be written.
const recorderRoom = 4096

func newRecorder(to io.Writer, e Encoding) *recorder {
	if to == nil {
		return nil
	}
	r := &recorder{to: to, lines: make(chan []byte, recorderRoom), end: make(chan struct{})}
	r.lines <- fmt.Appendf(nil, "%s%v\n", recording.Title, e)
	r.wg.Go(r.writeLines)
	return r
}

// recordMessage records one message, with secrets masked; their length stays.
func (r *recorder) recordMessage(sent bool, frame []byte, secrets ...[]byte) {
	if r == nil {
		return
	}
	m := recording.Message{Time: time.Now(), Sent: sent, Bytes: frame}
	if len(secrets) > 0 {
		m.Bytes = maskSecrets(bytes.Clone(frame), secrets)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	line := m.Append(nil)
	if r.lost > 0 {
		line = append(fmt.Appendf(nil, "# %d messages lost: the file was too slow\n", r.lost), line...)
	}
	select {
	case r.lines <- line:
		r.lost = 0
	default:
		r.lost++
	}
}

func (r *recorder) writeLines() {
	for {
		select {
		case line := <-r.lines:
			_, _ = r.to.Write(line) // the link matters more than its record
		case <-r.end:
			for {
				select {
				case line := <-r.lines:
					_, _ = r.to.Write(line)
				default:
					return
				}
			}
		}
	}
}

// stopWriter has the goroutine write what waits and end.
func (r *recorder) stopWriter() {
	if r != nil {
		r.ended.Do(func() { close(r.end) })
	}
}

// awaitWriter waits for that end.
func (r *recorder) awaitWriter() {
	if r != nil {
		r.stopWriter()
		r.wg.Wait()
	}
}

// maskSecrets overwrites secrets, also where they are escaped or in hexadecimal.
func maskSecrets(frame []byte, secrets [][]byte) []byte {
	for _, s := range secrets {
		if len(s) == 0 {
			continue
		}
		if !utf8.Valid(s) { // so XML has no form of it
			frame = bytes.ReplaceAll(frame, s, asterisks(s))
		}
		frame = secretPattern(s).ReplaceAllFunc(frame, asterisks)
	}
	return frame
}

func asterisks(of []byte) []byte { return bytes.Repeat([]byte("*"), len(of)) }

// entities are the characters that XML has names for.
var entities = map[rune]string{'<': "lt", '>': "gt", '&': "amp", '"': "quot", '\'': "apos"}

// secretPattern finds a secret: unchanged, in hexadecimal, and in XML with any of its
// characters escaped in any way.
func secretPattern(secret []byte) *regexp.Regexp {
	var p strings.Builder
	fmt.Fprintf(&p, "(?i:%x)", secret)
	if utf8.Valid(secret) {
		p.WriteByte('|')
		for _, c := range string(secret) {
			fmt.Fprintf(&p, "(?:%s|&#0*%d;|&#(?i:x0*%x);", regexp.QuoteMeta(string(c)), c, c)
			if name := entities[c]; name != "" {
				p.WriteString("|&" + name + ";")
			}
			p.WriteByte(')')
		}
	}
	return regexp.MustCompile(p.String())
}

// unlikely is how long a password must be to be masked wherever it appears, such
// as in private data; a shorter one may be part of a number or an identifier.
const unlikely = 8

// recordSent records a message of ours, without the password.
func (s *session) recordSent(frame []byte) {
	if s.recorder == nil {
		return
	}
	if password := s.cfg.Password.Reveal(); password != "" && (isLogin(frame) || len(password) >= unlikely) {
		s.recorder.recordMessage(true, frame, []byte(password))
		return
	}
	s.recorder.recordMessage(true, frame)
}

func isLogin(frame []byte) bool {
	const aarq = 0x60
	return len(frame) > 0 && frame[0] == aarq || bytes.Contains(frame, []byte("StartApplicationSession"))
}

// recordReceived records a message of the PBX, without the passwords and
// authorization codes in it.
func (s *session) recordReceived(frame []byte, m *message.Message) {
	if s.recorder == nil {
		return
	}
	var secrets [][]byte
	if m.Kind == message.EventKind {
		secrets = [][]byte{m.Event.Feature.Password, m.Event.Data.Authorization}
	}
	if password := s.cfg.Password.Reveal(); len(password) >= unlikely {
		secrets = append(secrets, []byte(password)) // given back
	}
	s.recorder.recordMessage(false, frame, secrets...)
}
