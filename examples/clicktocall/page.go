package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"html/template"
	"net/http"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/auth"
	"github.com/ctikit/ctikit/auth/rights"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/callback"
	"github.com/ctikit/ctikit/examples/internal/setup"
)

const pagePolicy = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'"

//go:embed page.html
var pageHTML string
var layout = template.Must(template.New("page").Parse(pageHTML))

// page serves the form and what it is sent to.
type page struct {
	*setup.Installation
	chain *auth.Chain
	calls *callback.Service
}

// shown is what the template gets.
type shown struct {
	User, Message, Number string
	Agent                 cti.DeviceID
}

var errNotPermitted = errors.New("no right or no licence for " + setup.ClickToCall)

// handler refuses requests that other sites send in a visitor's name.
func (p *page) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", p.requireSignIn(func(_ *http.Request, _ *shown) error { return nil }))
	mux.HandleFunc("POST /call", p.requireSignIn(p.placeCall))
	return http.NewCrossOriginProtection().Handler(http.MaxBytesHandler(mux, 4096))
}

// requireSignIn lets a user do something and shows the page with what came of it.
func (p *page) requireSignIn(do func(*http.Request, *shown) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var s shown
		name, password, _ := r.BasicAuth()
		attempt := auth.Attempt{Login: name, Password: ctikit.NewSecret(password), Remote: r.RemoteAddr}
		in, err := p.chain.SignIn(r.Context(), attempt)
		if err == nil {
			s.User = in.User
			if s.Agent, err = p.ExtensionOf(r.Context(), in.User); err == nil {
				err = do(r, &s)
			}
		}
		status := statusOf(err)
		if err != nil {
			s.Message = err.Error()
		}
		if status == http.StatusUnauthorized {
			w.Header().Set("WWW-Authenticate", `Basic realm="Click to call", charset="UTF-8"`)
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", pagePolicy)
		w.Header().Set("Cache-Control", "no-store")
		w.WriteHeader(status)
		_ = layout.Execute(w, s) // the visitor is gone
	}
}

// placeCall returns when the two are connected. A visitor who leaves the page cancels
// the call.
func (p *page) placeCall(r *http.Request, s *shown) error {
	if !p.Rights.Can(s.User, rights.Application, setup.ClickToCall) {
		return errNotPermitted
	}
	s.Number = r.PostFormValue("number")
	done, err := p.calls.Call(r.Context(), s.Agent, s.Number)
	if err != nil {
		return err
	}
	s.Message = "Connected."
	if !done.Direct {
		s.Message = "Connected by " + string(done.Via) + "."
	}
	return nil
}

// checkLicence is asked before each call-back.
func (p *page) checkLicence(context.Context, cti.DeviceID) error {
	if err := p.Licences.Licensed(p.Company(), setup.ClickToCall); err != nil {
		return fmt.Errorf("%w: %w", errNotPermitted, err)
	}
	return nil
}

// statusOf tells whose fault it is.
func statusOf(err error) int {
	switch {
	case err == nil:
		return http.StatusOK
	case errors.Is(err, auth.ErrRefused):
		return http.StatusUnauthorized
	case errors.Is(err, errNotPermitted):
		return http.StatusForbidden
	case errors.Is(err, cti.ErrInvalidDestination):
		return http.StatusBadRequest
	case errors.Is(err, callback.ErrNoAnswer), errors.Is(err, callback.ErrNotReached):
		return http.StatusConflict
	case errors.Is(err, context.Canceled):
		return http.StatusServiceUnavailable
	}
	return http.StatusBadGateway
}
