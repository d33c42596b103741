package main

import (
	"context"
	_ "embed"
	"errors"
	"html/template"
	"net/http"

	"github.com/ctikit/ctikit/auth"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/callback"
)

//go:embed page.html
var pageHTML string

// page serves the form and what it is sent to.
type page struct {
	guard  *guard
	calls  *callback.Service
	layout *template.Template
}

// shown is what the template gets.
type shown struct {
	User, Message, Number string
	Agent                 cti.DeviceID
}

const cookieName = "clicktocall"

// newPage makes the handler. What other sites send in a visitor's name is refused.
func newPage(g *guard, calls *callback.Service) http.Handler {
	p := &page{guard: g, calls: calls, layout: template.Must(template.New("page").Parse(pageHTML))}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) { p.show(w, r, http.StatusOK, shown{}) })
	mux.HandleFunc("POST /signin", p.signIn)
	mux.HandleFunc("POST /call", p.call)
	return http.NewCrossOriginProtection().Handler(http.MaxBytesHandler(mux, 4096))
}

func (p *page) user(r *http.Request) string {
	cookie, err := r.Cookie(cookieName)
	if err != nil {
		return ""
	}
	return p.guard.signedIn(cookie.Value)
}

func (p *page) show(w http.ResponseWriter, r *http.Request, status int, s shown) {
	s.User = p.user(r)
	s.Agent = p.guard.users[s.User]
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = p.layout.Execute(w, s) // the visitor is gone
}

func (p *page) signIn(w http.ResponseWriter, r *http.Request) {
	token, err := p.guard.signIn(r.Context(), r.PostFormValue("name"), r.PostFormValue("password"), r.RemoteAddr)
	if err != nil {
		status := http.StatusServiceUnavailable
		if errors.Is(err, auth.ErrRefused) {
			status = http.StatusUnauthorized
		}
		p.show(w, r, status, shown{Message: err.Error()})
		return
	}
	http.SetCookie(w, &http.Cookie{Name: cookieName, Value: token, Path: "/", HttpOnly: true, SameSite: http.SameSiteStrictMode, MaxAge: int(sessionTime.Seconds())})
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

// call answers when the two are connected, or with what went wrong. A visitor who
// leaves the page cancels the call.
func (p *page) call(w http.ResponseWriter, r *http.Request) {
	user := p.user(r)
	if user == "" {
		p.show(w, r, http.StatusUnauthorized, shown{Message: "Please sign in."})
		return
	}
	number := r.PostFormValue("number")
	if number == "" {
		p.show(w, r, http.StatusBadRequest, shown{Message: "Which number?"})
		return
	}
	done, err := p.calls.Call(r.Context(), p.guard.users[user], number)
	if err != nil {
		p.show(w, r, statusOf(err), shown{Number: number, Message: err.Error()})
		return
	}
	message := "Connected"
	if !done.Direct {
		message += " by " + string(done.Via)
	}
	p.show(w, r, http.StatusOK, shown{Number: number, Message: message + "."})
}

// statusOf tells whose fault it is.
func statusOf(err error) int {
	switch {
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
