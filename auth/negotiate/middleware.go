package negotiate

import (
	"context"
	"encoding/base64"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/auth"
)

// maxHeader bounds a token in base64: Windows makes tokens up to 48,000 bytes.
const maxHeader = 64 * 1024

// Require lets only requests with a proved identity through, and asks the others
// for one (401 with WWW-Authenticate: Negotiate).
func (a *Acceptor) Require(next http.Handler) http.Handler { return a.handler(next, false) }

// Offer lets requests that present no token through without an identity, for
// applications with other methods to try (AuthMethods WindowsSecurity|LDAP). A browser
// sends a token only when it was asked to: such an application answers 401 with
// WWW-Authenticate: Negotiate itself where it wants one. A token that is
// presented and wrong is refused.
func (a *Acceptor) Offer(next http.Handler) http.Handler { return a.handler(next, true) }

func (a *Acceptor) handler(next http.Handler, optional bool) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		token, presented, err := tokenOf(r)
		switch {
		case err != nil:
			a.writeRefusal(w, r, err)
		case !presented && optional:
			next.ServeHTTP(w, r)
		case !presented:
			writeChallenge(w, nil, "Sign-in required.")
		default:
			a.serveToken(w, r, next, token)
		}
	})
}

func (a *Acceptor) serveToken(w http.ResponseWriter, r *http.Request, next http.Handler, token []byte) {
	id, reply, done, err := a.acceptStep(r, token)
	switch {
	case err != nil:
		a.writeRefusal(w, r, err)
	case !done:
		writeChallenge(w, reply, "Sign-in to be continued.")
	default:
		if len(reply) > 0 {
			w.Header().Set("WWW-Authenticate", "Negotiate "+base64.StdEncoding.EncodeToString(reply))
		}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), identityKey{}, id)))
	}
}

// acceptStep takes one token, of Kerberos or of NTLM where that is plugged in.
func (a *Acceptor) acceptStep(r *http.Request, token []byte) (id Identity, reply []byte, done bool, err error) {
	o, err := readToken(token)
	if err != nil {
		return id, nil, false, tokenRefusal(ErrMalformed, "%v", err)
	}
	if !o.ntlm {
		id, reply, err = a.acceptKerberos(o)
		return id, reply, err == nil, err
	}
	state, _ := r.Context().Value(ntlmKey{}).(*ntlmState)
	switch {
	case a.cfg.NTLM == nil:
		return id, nil, false, tokenRefusal(ErrNTLM, "no ticket for this service: check the name that the browser used")
	case state == nil || r.ProtoMajor != 1:
		return id, nil, false, tokenRefusal(ErrNTLM, "NTLM needs an HTTP/1 connection of a server passed to Attach")
	}
	answer, id, done, err := state.exchangeMessage(r.Context(), a.cfg.NTLM, o.inner)
	if err != nil {
		return Identity{}, nil, false, tokenRefusal(ErrNTLM, "%v", err)
	}
	if done {
		id.Mechanism = "NTLM"
		return id, o.wrapReply(0, answer), true, nil
	}
	return Identity{}, o.wrapReply(1, answer), false, nil
}

// tokenOf takes the token from the one Authorization header that there may be.
func tokenOf(r *http.Request) (token []byte, presented bool, err error) {
	headers := r.Header.Values("Authorization")
	if len(headers) == 0 {
		return nil, false, nil
	}
	if len(headers) > 1 {
		return nil, true, tokenRefusal(ErrMalformed, "%d Authorization headers", len(headers))
	}
	scheme, encoded, _ := strings.Cut(headers[0], " ")
	if !strings.EqualFold(scheme, "Negotiate") {
		return nil, false, nil
	}
	if len(encoded) > maxHeader {
		return nil, true, tokenRefusal(ErrMalformed, "token of %d bytes", len(encoded))
	}
	token, err = base64.StdEncoding.DecodeString(strings.TrimSpace(encoded))
	if err != nil || len(token) == 0 {
		return nil, true, tokenRefusal(ErrMalformed, "not base64")
	}
	return token, true, nil
}

// writeRefusal answers with one text, or with help for a browser without a ticket; the
// reason goes to the incident log.
func (a *Acceptor) writeRefusal(w http.ResponseWriter, r *http.Request, err error) {
	in := ctikit.Incident{
		Severity: slog.LevelWarn, Code: "auth.negotiate", Subject: r.RemoteAddr, Message: err.Error(), Err: err,
	}
	text := auth.ErrRefused.Error()
	switch {
	case errors.Is(err, ErrNTLM):
		in.Code, text = "auth.ntlm", explainNTLM
	case errors.Is(err, ErrReplay):
		in.Code = "auth.replay"
	}
	a.recordIncident(in)
	writeChallenge(w, nil, text)
}

func writeChallenge(w http.ResponseWriter, token []byte, text string) {
	challenge := "Negotiate"
	if len(token) > 0 {
		challenge += " " + base64.StdEncoding.EncodeToString(token)
	}
	w.Header().Set("WWW-Authenticate", challenge)
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusUnauthorized)
	io.WriteString(w, text+"\n")
}

type identityKey struct{}

// IdentityOf returns the identity that was proved for a request.
func IdentityOf(ctx context.Context) (Identity, bool) {
	id, ok := ctx.Value(identityKey{}).(Identity)
	return id, ok
}

// Attempt returns the sign-in attempt of a request that passed [Acceptor.Require] or
// [Acceptor.Offer]: where it comes from and, if it proved one, its Windows
// account. The host adds what the user typed.
func Attempt(r *http.Request) auth.Attempt {
	a := auth.Attempt{Remote: r.RemoteAddr}
	if id, ok := IdentityOf(r.Context()); ok {
		a.Windows = &auth.WindowsIdentity{Name: id.Name, Realm: id.Realm}
	}
	return a
}
