package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"strings"
	"time"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/ctitest"
	"github.com/ctikit/ctikit/vtixml/vtixmltest"
)

func linkName(i int) string { return fmt.Sprintf("link %d", i) }

// extensionsOf are those of the whole network; extension i is at site i mod links.
func extensionsOf(o options) []cti.Extension {
	list := make([]cti.Extension, o.extensions)
	for i := range list {
		list[i] = cti.Extension{
			Number: cti.DeviceID(fmt.Sprint(100_000 + i)), Protocol: cti.VTIXML,
			Location: cti.Location{Site: 1 + i%o.links, Cluster: 1}, Password: ctikit.NewSecret("0000"),
		}
	}
	return list
}

// serve is the PBX network: it prints the addresses of its links as JSON, and
// obeys commands on standard input until that ends: "drop N", "down N", "up N", "calls N", "picture".
func serve(ctx context.Context, o options) error {
	network := ctitest.NewNetwork(ctitest.Options{})
	network.Add(extensionsOf(o)...)
	var addresses []string
	ports := make([]*ctitest.Link, o.links)
	for i := range ports {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return err
		}
		ports[i] = network.Link(linkName(i), ctitest.LinkOptions{Location: cti.Location{Site: i + 1, Cluster: 1},
			SnapshotAtomic: true, ReportsExistingCalls: true})
		server := vtixmltest.Serve(listener, ports[i], vtixmltest.Options{})
		defer server.Close()
		addresses = append(addresses, listener.Addr().String())
	}
	out := json.NewEncoder(os.Stdout)
	if err := out.Encode(addresses); err != nil {
		return err
	}
	r := rand.New(rand.NewPCG(o.seed, 2))
	stop := make(chan struct{})
	defer close(stop)
	life := &life{network: network, r: r, n: o.extensions}
	in := bufio.NewScanner(os.Stdin)
	for in.Scan() {
		var n int
		switch command := in.Text(); {
		case scan(command, "drop %d", &n) && n < len(ports):
			ports[n].Drop()
		case scan(command, "down %d", &n) && n < len(ports):
			ports[n].Down()
		case scan(command, "up %d", &n) && n < len(ports):
			ports[n].Up()
		case scan(command, "calls %d", &n):
			for range n {
				life.step()
			}
		case command == "picture":
			if err := out.Encode(picture(network, o)); err != nil {
				return err
			}
		default:
			return fmt.Errorf("what is %q?", command)
		}
	}
	return in.Err()
}

func scan(text, format string, n *int) bool {
	_, err := fmt.Sscanf(text, format, n)
	return err == nil && *n >= 0 && strings.Fields(text)[0] == strings.Fields(format)[0]
}

// life is people at their sets.
type life struct {
	network *ctitest.Network
	r       *rand.Rand
	n       int
}

func (l *life) set() *ctitest.Set { return l.network.Set(l.number()) }

func (l *life) number() cti.DeviceID { return cti.DeviceID(fmt.Sprint(100_000 + l.r.IntN(l.n))) }

// step lets somebody call, and whoever rings answer; old calls end. What is not
// possible at the moment does not happen.
func (l *life) step() {
	from, to := l.number(), l.number()
	if l.network.Set(from).Call(string(to)) == nil {
		switch l.r.IntN(4) {
		case 0:
			_ = l.network.Set(from).HangUp()
		case 1:
			_ = l.network.Set(to).Answer()
		default:
			_ = l.network.Set(to).Answer()
			time.AfterFunc(time.Duration(l.r.IntN(20_000))*time.Millisecond, func() { _ = l.network.Set(from).HangUp() })
		}
	}
	_ = l.set().HangUp()
}

// picture is every extension that has a call: its calls and their states.
func picture(network *ctitest.Network, o options) map[string]string {
	out := map[string]string{}
	for _, e := range extensionsOf(o) {
		if s := network.Picture(e.Number); len(s.Calls) > 0 {
			out[string(e.Number)] = states(s.Calls)
		}
	}
	return out
}

func states(calls []cti.Call) string {
	var b strings.Builder
	for _, c := range calls {
		fmt.Fprintf(&b, "%s %v; ", c.ID, c.State)
	}
	return b.String()
}
