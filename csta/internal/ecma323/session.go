package ecma323

import (
	"slices"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/internal/xmlscan"
)

// Application sessions (ECMA-354). The standard leaves to the vendor where the
// user and the password go.

// Login is where the user and the password go.
type Login uint8

// The places.
const (
	// LoginUser: <user> and <password> in applicationSpecificInfo (OpenScape Business).
	LoginUser Login = iota
	// LoginAvaya: <SessionLoginInfo> in Avaya's namespace (Application Enablement Services).
	LoginAvaya
)

const (
	sessionNamespace = "http://www.ecma-international.org/standards/ecma-354/appl_session"
	avayaNamespace   = "http://www.avaya.com/csta"
	// cleanupDelay is how long AES keeps a session whose connection is lost, s.
	cleanupDelay = "60"
)

type session = message.Session

func sessionID() field[session] {
	return stringField("sessionID", true, func(s *session) *string { return &s.ID })
}

func protocols(name string) field[session] {
	return field[session]{name: name,
		read: func(r *reader, s *session) { s.Protocols = append(s.Protocols, r.intern(r.readText())) },
		write: func(w *writer, name string, s *session) {
			for _, p := range s.Protocols {
				w.writeElement(name, p)
			}
		}}
}

func duration(name string) field[session] {
	return numberField(name, func(s *session) *message.Opt[int64] { return &s.Duration })
}

// granted is the duration that an answer tells; 0 is without end.
func granted() field[session] {
	f := duration("actualSessionDuration")
	f.write = func(w *writer, name string, s *session) { w.writeInteger(name, s.Duration.Value) }
	return f
}

// startSession is StartApplicationSession.
func startSession(login Login) structure[session] {
	return structure[session]{
		groupField("applicationInfo", func(*session) bool { return true }, structure[session]{
			stringField("applicationID", true, func(s *session) *string { return &s.Application }),
			credentials(login),
		}),
		groupField("requestedProtocolVersions", func(*session) bool { return true },
			structure[session]{protocols("protocolVersion")}),
		duration("requestedSessionDuration"),
	}
}

// credentials are written in one place and read in either.
func credentials(login Login) field[session] {
	return field[session]{name: "applicationSpecificInfo", read: readCredentials,
		write: func(w *writer, name string, s *session) {
			if s.User == "" {
				return
			}
			w.openElement(name)
			if login == LoginAvaya {
				w.out = append(w.out, `<SessionLoginInfo xmlns="`+avayaNamespace+`">`...)
				w.writeElement("userName", s.User)
				w.writeElement("password", s.Password.Reveal())
				w.writeElement("sessionCleanupDelay", cleanupDelay)
				w.closeElement("SessionLoginInfo")
			} else {
				w.writeElement("user", s.User)
				w.writeElement("password", s.Password.Reveal())
			}
			w.closeElement(name)
		}}
}

// readCredentials takes what stands in applicationSpecificInfo, whatever its
// namespace: it is the vendor's by nature.
func readCredentials(r *reader, s *session) {
	depth := r.scan.Depth()
	for r.scan.Next() {
		switch {
		case r.scan.Kind() == xmlscan.End && r.scan.Depth() == depth:
			return
		case r.scan.Kind() != xmlscan.Start:
		case string(r.scan.Name()) == "user", string(r.scan.Name()) == "userName":
			s.User = string(r.readText())
		case string(r.scan.Name()) == "password":
			s.Password = ctikit.NewSecret(string(r.readVerbatim()))
		}
	}
}

var (
	startedSession = structure[session]{sessionID(), protocols("actualProtocolVersion"), granted()}
	resetTimer     = structure[session]{sessionID(), duration("requestedSessionDuration")}
	timerReset     = structure[session]{granted()}
	// The reason of an application is written in its own words, as clients do.
	stopSession       = structure[session]{sessionID(), reasonIn("sessionEndReason", "definedEndReason", "appEndReason")}
	terminatedSession = structure[session]{sessionID(), reasonIn("sessionTermReason", "definedTermReason",
		"serverTermReason",
		"resourceLimitation", "sessionTimerExpired")}

	notStarted = structure[session]{reasonIn("errorCode", "definedError", "applError",
		"invalidApplicationInfo", "requestedProtocolVersionNotSupported", "serverResourcesBusy", "maxNumberSessions")}
	notReset = structure[session]{reasonIn("errorCode", "definedError", "applError", "invalidSessionID",
		"serverCannotResetSessionTimer")}
	notStopped = structure[session]{reasonIn("errorCode", "definedError", "applError", "invalidSessionID")}
)

// reasonIn is an element that holds one of the standard's reasons, in an element
// of its own, or another in free words.
func reasonIn(name, standard, free string, standards ...string) field[session] {
	of := func(s *session) *string { return &s.Reason }
	in := func(name string) field[session] { return stringField(name, true, of) }
	f := groupField(name, func(*session) bool { return true }, structure[session]{also(standard, in(free))})
	defined := groupField(name, func(*session) bool { return true }, structure[session]{in(standard)})
	inWords := f.write
	f.write = func(w *writer, name string, s *session) {
		if slices.Contains(standards, s.Reason) {
			defined.write(w, name, s)
		} else {
			inWords(w, name, s)
		}
	}
	return f
}
