package section

import "context"

// Staged is what a document brings, as far as its parts have been checked: later
// parts are checked against it, since the things that they refer to may come with
// the same document. All methods may be called on nil, which knows of nothing.
type Staged struct {
	companies map[string]map[string]string // section → key → company
}

type stagedKey struct{}

// WithStaged returns a context for the import of one document.
func WithStaged(ctx context.Context) context.Context {
	return context.WithValue(ctx, stagedKey{}, &Staged{companies: map[string]map[string]string{}})
}

// StagedOf returns what the document of ctx has brought so far; nil where a part
// is imported alone.
func StagedOf(ctx context.Context) *Staged {
	s, _ := ctx.Value(stagedKey{}).(*Staged)
	return s
}

// Bring notes the companies of everything that a section replaces, by key.
func (s *Staged) Bring(section string, companies map[string]string) {
	if s != nil {
		s.companies[section] = companies
	}
}

// Company returns the company of a key as it will be. brought is false where the
// document has no such section: then what is there stays.
func (s *Staged) Company(section, key string) (company string, brought bool) {
	if s == nil {
		return "", false
	}
	companies, brought := s.companies[section]
	return companies[key], brought
}
