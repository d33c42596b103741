package auth

import (
	"context"
	"errors"
	"fmt"
	"net/netip"

	"github.com/ctikit/ctikit"
)

// NameOnly is the method None: a user name without a password signs the user in
// (TWP guide 6.5). It is meant for closed networks and migrations.
type NameOnly struct {
	administrator func(user string) bool
	from          []netip.Prefix
}

// NewNone returns the method None. An application must offer it expressly, and the
// AuthMethods of the user must name it as well. administrator reports whether a user
// administers anything; such a user is always refused. from lists the networks from which
// None is taken; without any, only the machine itself is. The attempt's Remote
// must then be an address.
func NewNone(administrator func(user string) bool, from ...netip.Prefix) (*NameOnly, error) {
	if administrator == nil {
		return nil, errors.New("auth: None requires a function that recognises administrators")
	}
	var ps ctikit.Problems
	for i, prefix := range from {
		if !prefix.IsValid() {
			ps.Add(fmt.Sprintf("from[%d]", i), "not a network")
		}
	}
	if err := ps.Err(); err != nil {
		return nil, fmt.Errorf("auth: None: %w", err)
	}
	return &NameOnly{administrator, from}, nil
}

// Authenticate accepts every user who is not an administrator.
func (n *NameOnly) Authenticate(_ context.Context, r Request) Answer {
	switch {
	case r.User == "":
		return Answer{Verdict: Rejected, Reason: ReasonUnknownUser}
	case n.administrator(r.User):
		return Answer{Verdict: Rejected, Reason: ReasonAdministrator}
	case !n.allowsAddress(r.Remote):
		return Answer{Verdict: Rejected, Reason: ReasonNotPermitted}
	}
	return Answer{Verdict: Accepted}
}

func (n *NameOnly) allowsAddress(remote string) bool {
	addr, ok := addressOf(remote)
	if !ok {
		return false
	}
	if len(n.from) == 0 {
		return addr.IsLoopback()
	}
	for _, prefix := range n.from {
		if prefix.Contains(addr) {
			return true
		}
	}
	return false
}

// addressOf reads "host:port" or an address; IPv4 in IPv6 form is IPv4.
func addressOf(remote string) (netip.Addr, bool) {
	if withPort, err := netip.ParseAddrPort(remote); err == nil {
		return withPort.Addr().Unmap().WithZone(""), true
	}
	addr, err := netip.ParseAddr(remote)
	return addr.Unmap().WithZone(""), err == nil
}
