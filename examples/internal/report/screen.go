package report

import (
	"bytes"
	"io"
)

// Screen draws pictures over one another on a terminal, and one after the other
// elsewhere.
type Screen struct{ out io.Writer }

// NewScreen draws on out.
func NewScreen(out io.Writer) *Screen { return &Screen{out} }

// Draw shows a picture.
func (s *Screen) Draw(picture []byte) error {
	if isTerminal(s.out) { // home; clear what each line had before, and what is below
		picture = append([]byte("\x1b[H"), bytes.ReplaceAll(picture, []byte("\n"), []byte("\x1b[K\n"))...)
		picture = append(picture, "\x1b[J"...)
	}
	_, err := s.out.Write(picture)
	return err
}
