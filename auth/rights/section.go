package rights

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/internal/strictjson"
)

// document is the part "authorizations" of the configuration document.
type document struct {
	Grants []jsonGrant `json:"grants"`
	// Licensed is the order in which users came by their licences, so that a
	// restart or a restore takes none from one who had it.
	Licensed map[string][]string `json:"licensed,omitempty"`
}

type jsonGrant struct {
	User    string `json:"user,omitempty"`  // to a user, or
	Group   string `json:"group,omitempty"` // to a group
	Type    string `json:"type"`
	ID      string `json:"id"`
	OfGroup bool   `json:"ofGroup,omitempty"` // id is a group
}

// Section is the part "authorizations" of the configuration document: all
// grants. An import checks each, also for companies, those of the same document
// first, and replaces all. A directory must exist once the document has been
// imported; subjects may be others than its own. It is not
// refused for want of licences, which a restored installation may get later:
// users without one are refused, and an incident says so.
func (s *Set) Section() ctikit.Section {
	return ctikit.Section{Name: "authorizations", Export: s.exportGrants, Import: s.importGrants}
}

func (s *Set) exportGrants(context.Context) (json.RawMessage, int, error) {
	s.writing.Lock()
	defer s.writing.Unlock()
	out := document{Grants: []jsonGrant{}, Licensed: s.seats}
	for _, g := range s.grants {
		item := jsonGrant{User: g.To.ID, Type: g.On.Type, ID: g.On.ID, OfGroup: g.On.Group}
		if g.To.Group {
			item.User, item.Group = "", g.To.ID
		}
		out.Grants = append(out.Grants, item)
	}
	data, err := json.Marshal(out)
	return data, len(out.Grants), err
}

func (s *Set) importGrants(ctx context.Context, part ctikit.Import) (int, error) {
	var in document
	if err := strictjson.Decode(part.Data, &in); err != nil {
		return 0, err
	}
	var next []Grant
	var ps ctikit.Problems
	present := map[Grant]bool{}
	for i, item := range in.Grants {
		path := fmt.Sprintf("grants[%d]", i)
		g, paths := item.grant()
		if (item.User == "") == (item.Group == "") {
			ps.Add(path, "must name either a user or a group")
		} else if present[g] {
			ps.Add(path, "duplicate grant")
		} else if err := s.checkGrant(g, paths, part.Objects); errors.Is(err, ctikit.ErrInvalid) {
			ps.AddUnder(path, err)
		} else if err != nil {
			return 0, err
		}
		present[g] = true
		next = append(next, g)
	}
	if err := ps.Err(); err != nil || part.DryRun {
		return len(next), err
	}
	return len(next), s.changeGrants(nil, func([]Grant) []Grant {
		s.seats = in.Licensed
		return next
	})
}

func (j jsonGrant) grant() (Grant, grantPaths) {
	paths := grantPaths{"user", "type", "id", "ofGroup"}
	if j.Group != "" {
		paths.to = "group"
	}
	return Grant{To: Subject{Group: j.Group != "", ID: j.User + j.Group}, On: Object{j.Type, j.ID, j.OfGroup}}, paths
}
