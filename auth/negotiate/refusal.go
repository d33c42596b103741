package negotiate

import (
	"errors"
	"fmt"
)

// Reasons why a token is refused, for errors.Is.
var (
	ErrMalformed  = errors.New("malformed token")
	ErrNTLM       = errors.New("the client offered NTLM instead of Kerberos")
	ErrRealm      = errors.New("realm is not allowed")
	ErrService    = errors.New("ticket is for another service")
	ErrEncryption = errors.New("encryption type is not allowed")
	ErrKey        = errors.New("no key of the keytab opens the ticket")
	ErrExpired    = errors.New("ticket is expired or not yet valid")
	ErrClockSkew  = errors.New("clocks of client and server differ too much")
	ErrReplay     = errors.New("token was presented before")
	ErrBusy       = errors.New("too many tokens at once")
)

func tokenRefusal(reason error, format string, args ...any) error {
	return fmt.Errorf("negotiate: %w: %s", reason, fmt.Sprintf(format, args...))
}

// explainNTLM is the text for a user whose browser fell back to NTLM. It reveals
// nothing that the browser does not know.
const explainNTLM = "Your browser offered NTLM instead of Kerberos, " +
	"which means that it could not get a ticket for this service. " +
	"Reach the server by its full host name, not by an address or a short name; " +
	"make sure that this name is one of the browser's trusted (intranet) sites; " +
	"sign in to Windows with a domain account. " +
	"If that is so, the service principal name HTTP/<host> is missing or registered twice in the domain."
