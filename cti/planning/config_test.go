package planning

import (
	"context"
	"errors"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/driver"
	"github.com/ctikit/ctikit/cti/gateway"
)

// dead is a link that is never opened.
type dead struct {
	name     string
	protocol cti.Protocol
}

func (d dead) Open(context.Context, driver.EventSink) (driver.Session, error) {
	return nil, errors.New("not in this test")
}
func (d dead) Protocol() cti.Protocol { return d.protocol }
func (d dead) Identity() string       { return d.name }
func (d dead) Address() string        { return d.name + ".example:3199" }

func pattern(t *testing.T, s string) cti.Pattern {
	p, err := cti.ParsePattern(s)
	require.NoError(t, err)
	return p
}

func TestOfConfiguration(t *testing.T) {
	cfg := gateway.Config{Links: []gateway.Link{
		{Name: "a", Location: cti.Location{Site: 1, Cluster: 1}, Capacity: 3, Connector: dead{"a", cti.VTIXML}, Serves: []cti.Pattern{pattern(t, "1.*")}},
		{Name: "b", Location: cti.Location{Site: 2, Cluster: 1}, Capacity: 9, Connector: dead{"b", cti.VTIXML}, Serves: []cti.Pattern{pattern(t, "2.*"), pattern(t, "1.7")}},
		{Name: "c", Capacity: 5, Connector: dead{"c", cti.CSTA}},
	}}
	add := func(n int, place cti.Location, protocol cti.Protocol) {
		for range n {
			cfg.Extensions = append(cfg.Extensions, cti.Extension{Number: cti.DeviceID(strconv.Itoa(len(cfg.Extensions))), Location: place, Protocol: protocol})
		}
	}
	add(4, cti.Location{Site: 1, Cluster: 1}, cti.VTIXML) // one overflows
	add(1, cti.Location{Site: 1, Cluster: 7}, cti.VTIXML)
	add(2, cti.Location{Site: 2, Cluster: 1}, cti.VTIXML)
	add(2, cti.Location{Site: 5, Cluster: 1}, cti.VTIXML) // no link names it
	add(2, cti.Location{}, cti.CSTA)
	cfg.Extensions = append(cfg.Extensions, cti.Extension{Number: "off", Protocol: cti.VTIXML, Disabled: true}, cti.Extension{Number: "none"})
	require.NoError(t, cfg.Validate())

	table := Of(cfg, []Site{{Number: 1, MaxSupervisions: 3}, {Number: 2}, {Number: 5}}, nil)
	require.Equal(t, Link{Name: "a", Protocol: cti.VTIXML, Site: cti.Location{Site: 1, Cluster: 1}, Capacity: 3, Address: "a.example:3199"}, table.Links[0])
	require.Equal(t, []Row{
		{Pattern: pattern(t, "1.7"), Protocol: cti.VTIXML, Planned: map[string]int{"b": 1}},
		{Pattern: pattern(t, "1.*"), Protocol: cti.VTIXML, Planned: map[string]int{"a": 3}, Implicit: 1},
		{Pattern: pattern(t, "2.*"), Protocol: cti.VTIXML, Planned: map[string]int{"b": 2}},
		{Pattern: pattern(t, "5.*"), Protocol: cti.VTIXML, Implicit: 2},
		{Pattern: pattern(t, "*.*"), Protocol: cti.CSTA, Implicit: 2},
	}, table.Rows)
	require.ElementsMatch(t, []string{
		"no-headroom links[0].capacity", "site-maximum-unknown links[1].site", "overflows rows[1]", "site-without-link rows[3].pattern",
	}, codes(table.Check()))
}

// TestOfCountsWhereTheGatewayPuts: a row made for places that no link names takes
// nobody from a row that a link names, whatever comes first.
func TestOfCountsWhereTheGatewayPuts(t *testing.T) {
	extension := func(number string, cluster int) cti.Extension {
		return cti.Extension{Number: cti.DeviceID(number), Location: cti.Location{Site: 1, Cluster: cluster}, Protocol: cti.VTIXML}
	}
	cfg := gateway.Config{Links: []gateway.Link{
		{Name: "a", Capacity: 5, Connector: dead{"a", cti.VTIXML}, Serves: []cti.Pattern{pattern(t, "*.5")}},
		{Name: "b", Capacity: 5, Connector: dead{"b", cti.VTIXML}},
	}}
	for _, list := range [][]cti.Extension{
		{extension("1", 5), extension("2", 5), extension("3", 3)},
		{extension("3", 3), extension("1", 5), extension("2", 5)},
	} {
		cfg.Extensions = list
		table := Of(cfg, nil, nil)
		require.Len(t, table.Rows, 2)
		require.Equal(t, Row{Pattern: pattern(t, "1.*"), Protocol: cti.VTIXML, Implicit: 1}, table.Rows[0])
		require.Equal(t, map[string]int{"a": 2}, table.Rows[1].Planned)
	}
}

func (dead) Validate() error { return nil }
