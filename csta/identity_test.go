package csta_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/csta"
	"github.com/ctikit/ctikit/cti"
)

// TestIdentityCountsEveryField: one that differs is another link.
func TestIdentityCountsEveryField(t *testing.T) {
	base := csta.Config{Addr: "pbx"}
	require.Equal(t, base.Identity(), csta.Config{Addr: "pbx:3211", Profile: csta.A5000}.Identity(), "the defaults")
	seen := map[string]string{base.Identity(): "the base"}
	for name, change := range map[string]func(*csta.Config){
		"address":             func(c *csta.Config) { c.Addr = "other" },
		"profile":             func(c *csta.Config) { c.Profile = csta.Generic3 },
		"user":                func(c *csta.Config) { c.User = "u" },
		"password":            func(c *csta.Config) { c.Password = ctikit.NewSecret("p") },
		"another password":    func(c *csta.Config) { c.Password = ctikit.NewSecret("q") },
		"application":         func(c *csta.Config) { c.Application = "u" },
		"another application": func(c *csta.Config) { c.Application = "v" },
		"late calls":          func(c *csta.Config) { c.ClearLateCalls = true },
		"one kind":            func(c *csta.Config) { c.LeaveOut = []cti.Kind{cti.DigitsDialed} },
		"another kind":        func(c *csta.Config) { c.LeaveOut = []cti.Kind{cti.NetworkCapabilitiesChanged} },
		"both kinds":          func(c *csta.Config) { c.LeaveOut = []cti.Kind{cti.DigitsDialed, cti.NetworkCapabilitiesChanged} },
		"raw":                 func(c *csta.Config) { c.KeepRaw = true },
		"size":                func(c *csta.Config) { c.MaxMessage = 1000 },
	} {
		c := base
		change(&c)
		require.Empty(t, seen[c.Identity()], name)
		seen[c.Identity()] = name
		again := base
		change(&again)
		require.Equal(t, c.Identity(), again.Identity(), name)
	}
}
