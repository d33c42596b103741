// Package incident is the incident log: link down and up, refused supervision,
// failed sign-in, failed synchronisation (TWP guide 10.1). It is structured,
// bounded, queryable and mirrored to log/slog. Packages write to it through an
// interface of one method that each declares where it uses it:
//
//	Record(Incident)
package incident

import (
	"log/slog"
	"time"
)

// Incident is one thing that an administrator may want to know.
type Incident struct {
	Time     time.Time  // when; set by [Log.Record] where zero
	Severity slog.Level // slog.LevelInfo, LevelWarn or LevelError
	Code     string     // stable, dotted: "link.down", "supervision.refused", "auth.locked"
	Subject  string     // what it is about: a link, a device, a user, an import
	Message  string     // one sentence; never a secret
	Err      error      // cause, may be nil
	Company  string     // tenant, "" where none applies
}

// Filter selects incidents; zero fields select all.
type Filter struct {
	Since       time.Time  // not before
	Code        string     // exact, or a prefix that ends with a dot: "link."
	Subject     string     // exact
	Company     string     // exact
	MinSeverity slog.Level // at least; zero is slog.LevelInfo
	Limit       int        // at most so many, the newest; 0 is no limit
}
