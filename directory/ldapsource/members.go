package ldapsource

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/ctikit/ctikit/directory"
)

// Limits of walking groups.
const (
	maxGroupDepth   = 64
	maxGroupMembers = 1 << 20
)

// Members returns the DNs of the people in a group and in groups within it, each once
// and sorted; the groups themselves are omitted. Circles are walked once. Values that
// the server returns in ranges (Active Directory, above 1500) are all read. attribute
// is "member" or "uniqueMember". The errors are those of [Source.Check], of the
// connection, and [*ServerError].
func (s *Source) Members(ctx context.Context, group, attribute string) ([]string, error) {
	set, err := s.newSettings()
	if err != nil {
		return nil, err
	}
	c, err := set.connectServer(ctx)
	if err != nil {
		return nil, fmt.Errorf("members of %q: %w", group, err)
	}
	defer c.closeConn()
	w := &groupWalk{ctx: ctx, conn: c, attribute: attribute, seen: map[string]bool{}}
	if err := w.walkObject(group, 0); err != nil {
		return nil, fmt.Errorf("members of %q: %w", group, err)
	}
	slices.Sort(w.people)
	return w.people, nil
}

type groupWalk struct {
	ctx       context.Context
	conn      *conn
	attribute string
	seen      map[string]bool // lower-case DN
	people    []string
}

// walkObject reads one object: a group has members, a person has none.
func (w *groupWalk) walkObject(dn string, depth int) error {
	if w.seen[strings.ToLower(dn)] {
		return nil
	}
	if w.seen[strings.ToLower(dn)] = true; len(w.seen) > maxGroupMembers {
		return fmt.Errorf("more than %d members", maxGroupMembers)
	}
	if depth > maxGroupDepth {
		return fmt.Errorf("groups are nested deeper than %d at %q", maxGroupDepth, dn)
	}
	members, isGroup, err := w.readMembers(dn)
	if hasResultCode(err, codeNoSuchObject) && depth > 0 {
		return nil // a member that was deleted, or that lives elsewhere
	}
	if err != nil {
		return err
	}
	if !isGroup {
		w.people = append(w.people, dn)
		return nil
	}
	for _, m := range members {
		if err := w.walkObject(m, depth+1); err != nil {
			return err
		}
	}
	return nil
}

// readMembers reads one object's members, range by range ([MS-ADTS] 3.1.1.3.1.3.3).
func (w *groupWalk) readMembers(dn string) (members []string, isGroup bool, err error) {
	decoder := &entryDecoder{}
	for from := 0; ; {
		ask := w.attribute
		if from > 0 {
			ask = fmt.Sprintf("%s;range=%d-*", w.attribute, from)
		}
		more := 0
		s := search{base: dn, scope: scopeBase, filter: "(objectClass=*)", attributes: []string{"objectClass", ask}}
		_, err := w.conn.runSearch(w.ctx, &s, decoder.visitor(func(e *directory.Entry) (err error) {
			for _, class := range e.Values("objectClass") {
				isGroup = isGroup || slices.Contains(groupClasses, strings.ToLower(string(class)))
			}
			for _, a := range e.Attrs {
				name, rng, _ := strings.Cut(string(a.Name), ";")
				if !strings.EqualFold(name, w.attribute) {
					continue
				}
				for _, v := range a.Values {
					members = append(members, string(v))
				}
				if more, err = nextRange(rng); err != nil {
					return err
				}
			}
			return nil
		}))
		if err != nil {
			return nil, false, err
		}
		if more == 0 {
			return members, isGroup, nil
		}
		if more <= from || len(members) > maxGroupMembers {
			return nil, false, errors.New("the server never ends its ranges of members")
		}
		from = more
	}
}

// groupClasses are the object classes of groups, in lower case.
var groupClasses = []string{"group", "groupofnames", "groupofuniquenames"}

// nextRange returns where the next range starts: 1500 after "range=0-1499", 0
// after the last, "range=1500-*", and where there is no range.
func nextRange(option string) (int, error) {
	limits, ok := strings.CutPrefix(strings.ToLower(option), "range=")
	if !ok {
		return 0, nil
	}
	_, last, _ := strings.Cut(limits, "-")
	if last == "*" {
		return 0, nil
	}
	n, err := strconv.Atoi(last)
	if err != nil || n < 0 {
		return 0, fmt.Errorf("invalid range of members %.40q", option)
	}
	return n + 1, nil
}
