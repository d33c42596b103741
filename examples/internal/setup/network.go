package setup

import (
	"context"
	"fmt"
	"net"
	"sync"

	"github.com/ctikit/ctikit/csta"
	"github.com/ctikit/ctikit/csta/cstatest"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/ctitest"
	"github.com/ctikit/ctikit/cti/gateway"
	"github.com/ctikit/ctikit/vtixml/vtixmltest"
)

// Dialer connects to an address of the configuration.
type Dialer = func(ctx context.Context, network, address string) (net.Conn, error)

// Network is the PBX network of the examples: in memory, behind real sockets on
// the loopback interface. The names in the configuration lead there.
type Network struct {
	*ctitest.Network
	ports   map[string]*ctitest.Link
	servers []interface{ Close() error }

	mu        sync.Mutex
	addresses map[string]string // of the configuration → on the loopback interface
	cut       map[string]bool   // that cannot be reached
}

// limits are how many supervisions the PBX accepts where that is not the
// configured capacity.
var limits = map[string]int{"link 0": 800}

// NewNetwork returns a network that nothing is in yet.
func NewNetwork() *Network {
	return &Network{
		Network: ctitest.NewNetwork(ctitest.Options{}), ports: map[string]*ctitest.Link{},
		addresses: map[string]string{}, cut: map[string]bool{},
	}
}

// Start builds what a configuration expects to find, and listens.
func (n *Network) Start(f File, cfg gateway.Config) error {
	n.Add(cfg.Extensions...)
	for i, l := range f.Links {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return fmt.Errorf("PBX network: %w", err)
		}
		limit := l.Capacity
		if more, ok := limits[l.Name]; ok {
			limit = more
		}
		port := n.Network.Link(l.Name, ctitest.LinkOptions{Protocol: l.Protocol, Location: l.Location,
			MaxSupervisions: limit, SnapshotAtomic: true, ReportsExistingCalls: true})
		n.ports[l.Name] = port
		n.addresses[l.Address] = listener.Addr().String()
		if l.Protocol == cti.CSTA {
			n.servers = append(n.servers, cstatest.Serve(listener, port, cfg.Links[i].Connector.(csta.Config).Profile))
		} else {
			n.servers = append(n.servers, vtixmltest.Serve(listener, port, vtixmltest.Options{}))
		}
	}
	return nil
}

// Stop ends the servers.
func (n *Network) Stop() {
	for _, s := range n.servers {
		s.Close()
	}
}

// Connect leads a name of the configuration to the loopback interface.
func (n *Network) Connect(ctx context.Context, network, address string) (net.Conn, error) {
	n.mu.Lock()
	local, known := n.addresses[address]
	cut := n.cut[address]
	n.mu.Unlock()
	if !known || cut {
		return nil, fmt.Errorf("dial %s: no route to host", address)
	}
	return (&net.Dialer{}).DialContext(ctx, network, local)
}

// Reach lets a link be reached, or not; not also breaks its connections.
func (n *Network) Reach(l Link, ok bool) {
	n.mu.Lock()
	n.cut[l.Address] = !ok
	n.mu.Unlock()
	if !ok {
		n.ports[l.Name].Drop()
	}
}
