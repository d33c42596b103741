package cstatest

import (
	"errors"
	"fmt"
	"io"
	"net"

	"github.com/ctikit/ctikit/csta"
	"github.com/ctikit/ctikit/csta/internal/framing"
	"github.com/ctikit/ctikit/csta/internal/recording"
)

// Replay plays the switch of a recorded link (csta.Config.Record) on a
// connection: it sends what the switch sent, and waits for each message that
// the application sent. A message that differs from the recorded one is an
// error, but for the bytes that were masked. It does not wait for the times of
// the recording, and returns nil at its end with the connection still open. An
// application that leaves before it has read the last messages is not an error.
func Replay(c net.Conn, from io.Reader, p csta.Profile) error {
	lines := recording.NewReader(from)
	frames := framing.NewReader(c, framing.Framing(p.Framing), 0)
	var left error // the application no longer reads
	for n := 1; ; n++ {
		m, err := lines.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("recording: %w", err)
		}
		switch {
		case m.Sent: // it may have been sent before the application left
			if err = expectMessage(frames, m.Bytes); err != nil && left != nil {
				err = left
			}
		case left == nil:
			left = playMessage(c, framing.Framing(p.Framing), m.Bytes)
		}
		if err != nil {
			return fmt.Errorf("message %d of the recording: %w", n, err)
		}
	}
}

func expectMessage(frames *framing.Reader, want []byte) error {
	got, err := frames.Next()
	if err != nil {
		return err
	}
	same := len(got) == len(want)
	for i := 0; same && i < len(want); i++ {
		same = got[i] == want[i] || want[i] == '*'
	}
	if !same {
		return fmt.Errorf("the application sent %x, want %x", got, want)
	}
	return nil
}

func playMessage(c net.Conn, f framing.Framing, m []byte) error {
	out := append(f.Begin(nil), m...)
	if err := f.End(out, 0); err != nil {
		return err
	}
	_, err := c.Write(out)
	return err
}
