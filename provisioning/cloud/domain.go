package cloud

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/provisioning"
)

// TXTResolver looks up TXT records; *net.Resolver is one.
type TXTResolver interface {
	LookupTXT(ctx context.Context, name string) ([]string, error)
}

// HostResolver looks up addresses; *net.Resolver is one.
type HostResolver interface {
	LookupHost(ctx context.Context, host string) ([]string, error)
}

// ErrNotVerified: the domain has no TXT record with the code (yet).
var ErrNotVerified = errors.New("no TXT record with the verification code")

// VerifyDomain checks that a TXT record of the domain is the code that Avaya
// Cloud Services shows (notes ch. 13). It returns [ErrNotVerified] where there is
// none, and the resolver's error where it could not find out.
func VerifyDomain(ctx context.Context, resolver TXTResolver, domain, code string) error {
	code = strings.TrimSpace(code)
	if code == "" || !isHost(domain) {
		var ps ctikit.Problems
		ps.Add("domain", "domain and code must be given, got %.80q and %d characters", domain, len(code))
		return ps
	}
	records, err := resolver.LookupTXT(ctx, domain)
	if notFound := new(net.DNSError); errors.As(err, &notFound) && notFound.IsNotFound {
		err = nil
	}
	if err != nil {
		return fmt.Errorf("cloud: verifying domain %s: %w", domain, err)
	}
	if !slices.ContainsFunc(records, func(r string) bool { return strings.TrimSpace(r) == code }) {
		return fmt.Errorf("cloud: verifying domain %s: %w among %d records", domain, ErrNotVerified, len(records))
	}
	return nil
}

// Sync says which systems write their profile to the cloud themselves (notes
// ch. 13, "settings file URL synchronisation").
type Sync uint8

// The three settings. With SyncOff an administrator enters the profiles by hand.
const (
	SyncOff Sync = iota
	SyncNode
	SyncAll
)

// Node is a system of the network.
type Node struct {
	Profile   string // profile name, unique in the network
	Registrar string // FQDN of its SIP registrar
	This      bool   // the node that synchronises
}

// SyncProfiles returns the profiles that synchronisation writes, and checks that
// each node with a profile name has a registrar FQDN that resolves: only such a
// node may have one (notes ch. 13).
func SyncProfiles(ctx context.Context, resolver HostResolver, sync Sync, nodes []Node) ([]Profile, error) {
	var profiles []Profile
	var ps ctikit.Problems
	for i, n := range nodes {
		if sync == SyncOff || n.Profile == "" || sync == SyncNode && !n.This {
			continue
		}
		path := fmt.Sprintf("nodes[%d].registrar", i)
		url := provisioning.SettingsURL(n.Registrar)
		if err := provisioning.CheckSettingsURL(url); err != nil || !isHost(n.Registrar) {
			ps.Add(path, "must be the FQDN of the SIP registrar if the node has a profile name, got %.80q", n.Registrar)
			continue
		}
		if _, err := resolver.LookupHost(ctx, n.Registrar); err != nil {
			ps.Add(path, "%s does not resolve: %w", n.Registrar, err)
			continue
		}
		profiles = append(profiles, Profile{Name: n.Profile, URL: url})
	}
	if len(profiles) > 0 {
		ps.AddUnder("", checkProfiles(profiles))
	}
	if err := ps.Err(); err != nil {
		return nil, err
	}
	return profiles, nil
}

// AccountURL is the address of the account that a system synchronises with
// (notes ch. 13).
func AccountURL(system provisioning.System) string {
	if system.IP500V2 {
		return "accounts-ipo.avayacloud.com"
	}
	return "accounts.avayacloud.com"
}

// ErrOutdatedAccount: the address of older systems, which no longer works.
var ErrOutdatedAccount = errors.New("accounts.zang.io is outdated")

// CheckAccountURL reports an address that is outdated ([ErrOutdatedAccount]) or
// belongs to the other kind of system.
func CheckAccountURL(system provisioning.System, address string) error {
	host := strings.TrimSuffix(strings.TrimPrefix(strings.ToLower(strings.TrimSpace(address)), "https://"), "/")
	want := AccountURL(system)
	var ps ctikit.Problems
	switch host {
	case want:
	case "accounts.zang.io":
		ps.Add("address", "%w; %s systems use %s", ErrOutdatedAccount, system, want)
	default:
		ps.Add("address", "must be %s for %s systems, got %.80q", want, system, address)
	}
	return ps.Err()
}
