package framing

import (
	"fmt"
	"io"
)

// The OmniPCX Office opens a connection with one byte from each side before
// any message (Alcatel 3EH21000, "CSTA link"): the client sends B, the main
// CPU answers P. EXIT follows the release of the association.
const (
	OXOClient = "B"
	OXOSwitch = "P"
	// OXOExit is what the client sends after the release.
	OXOExit = "EXIT"
)

// StartOXO opens a connection as the client does.
func StartOXO(conn io.ReadWriter) error {
	if _, err := conn.Write([]byte(OXOClient)); err != nil {
		return err
	}
	return expectByte(conn, OXOSwitch[0])
}

// AcceptOXO opens a connection as the switch does.
func AcceptOXO(conn io.ReadWriter) error {
	if err := expectByte(conn, OXOClient[0]); err != nil {
		return err
	}
	_, err := conn.Write([]byte(OXOSwitch))
	return err
}

func expectByte(conn io.Reader, want byte) error {
	var got [1]byte
	if _, err := io.ReadFull(conn, got[:]); err != nil {
		return fmt.Errorf("csta: OmniPCX Office start: waiting for %q: %w", want, err)
	}
	if got[0] != want {
		return &Error{Framing: Delimited, Detail: fmt.Sprintf("OmniPCX Office start: expected %q, got %q", want,
			got[0])}
	}
	return nil
}
