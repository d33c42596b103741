// Pbx is a small PBX to try a client of one's own against: an exchange in
// memory that serves CSTA and VTI-XML on real sockets. It has the extensions
// 4001 to 4010; a call from outside to 4001 rings every so often.
//
//	go run ./examples/pbx                            all three on the ports of site.json
//	go run ./examples/gateway -config examples/pbx/site.json   and a client
//	go run ./examples/pbx -csta-ber 127.0.0.1:3211 -ber-profile 'Mitel 5000'
package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"time"

	"github.com/ctikit/ctikit/csta"
	"github.com/ctikit/ctikit/csta/cstatest"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/ctitest"
	"github.com/ctikit/ctikit/examples/internal/setup"
	"github.com/ctikit/ctikit/vtixml/vtixmltest"
)

func main() { setup.Main("pbx", runPBX) }

// options are the flags.
type options struct {
	ber, xml, vtixml       string
	berProfile, xmlProfile string
	extensions             int
	ringEvery              time.Duration
}

func parseFlags(args []string, errs io.Writer) (o options, err error) {
	f := setup.Flags("pbx", "is a PBX on real sockets; by default it serves every protocol.", errs)
	f.StringVar(&o.ber, "csta-ber", "", "`address` to serve CSTA in BER on")
	f.StringVar(&o.xml, "csta-xml", "", "`address` to serve CSTA in XML on")
	f.StringVar(&o.vtixml, "vtixml", "", "`address` to serve VTI-XML on")
	f.StringVar(&o.berProfile, "ber-profile", csta.Generic3.Name, "`type` of PBX to speak like, in BER")
	f.StringVar(&o.xmlProfile, "xml-profile", csta.GenericXML.Name, "`type` of PBX to speak like, in XML")
	f.IntVar(&o.extensions, "extensions", 10, "`number` of extensions, from 4001 on")
	f.DurationVar(&o.ringEvery, "ring", 20*time.Second, "`time` between calls from outside to 4001; 0 for none")
	if err := setup.Parse(f, args); err != nil {
		return o, err
	}
	if o.ber == "" && o.xml == "" && o.vtixml == "" {
		o.ber, o.xml, o.vtixml = "127.0.0.1:3211", "127.0.0.1:8800", "127.0.0.1:3199"
	}
	for _, p := range []struct {
		name string
		xml  bool
	}{{o.berProfile, false}, {o.xmlProfile, true}} {
		if err := checkProfile(p.name, p.xml); err != nil {
			return o, setup.Mistake{Err: err}
		}
	}
	if o.extensions < 1 {
		return o, setup.Mistake{Err: fmt.Errorf("-extensions must be at least 1, got %d", o.extensions)}
	}
	return o, nil
}

// checkProfile tells why a type of PBX cannot be the one of an encoding.
func checkProfile(name string, xml bool) error {
	p, ok := csta.ProfileByName(name)
	switch {
	case !ok:
		return fmt.Errorf("unknown type of PBX %q; must be one of %s", name, profileNames(csta.Profiles()))
	case p.Encoding.XML() != xml:
		return fmt.Errorf("%s speaks %v: -xml-profile is for XML, -ber-profile for BER", p.Name, p.Encoding)
	}
	return nil
}

// runPBX serves until ctx ends.
func runPBX(ctx context.Context, args []string, out, errs io.Writer) error {
	o, err := parseFlags(args, errs)
	if err != nil {
		return err
	}
	net := ctitest.NewNetwork(ctitest.Options{})
	for i := range o.extensions {
		net.Add(cti.Extension{Number: cti.DeviceID(strconv.Itoa(4001 + i))})
	}
	servers, err := serveProtocols(net, o, out)
	defer func() {
		for _, s := range servers {
			s.Close()
		}
	}()
	if err != nil {
		return err
	}
	ringEvery(ctx, net, o.ringEvery, out)
	return nil
}

// serveProtocols opens the listeners. What it opened before an error is returned, too.
func serveProtocols(n *ctitest.Network, o options, out io.Writer) (servers []io.Closer, err error) {
	for _, c := range []struct{ address, profile string }{{o.ber, o.berProfile}, {o.xml, o.xmlProfile}} {
		if c.address == "" {
			continue
		}
		p, _ := csta.ProfileByName(c.profile) // parseFlags has checked it
		l, err := net.Listen("tcp", c.address)
		if err != nil {
			return servers, err
		}
		fmt.Fprintf(out, "%s on %s\n", p.Name, l.Addr())
		link := n.Link(p.Name, ctitest.LinkOptions{Protocol: cti.CSTA, Escape: echoPrivateData})
		servers = append(servers, cstatest.Serve(l, link, p))
	}
	if o.vtixml != "" {
		l, err := net.Listen("tcp", o.vtixml)
		if err != nil {
			return servers, err
		}
		fmt.Fprintf(out, "VTI-XML on %s\n", l.Addr())
		link := n.Link("VTI-XML", ctitest.LinkOptions{Protocol: cti.VTIXML})
		servers = append(servers, vtixmltest.Serve(l, link, vtixmltest.Options{}))
	}
	return servers, nil
}

func profileNames(profiles []csta.Profile) string {
	var all []string
	for _, p := range profiles {
		all = append(all, p.Name)
	}
	return strings.Join(all, ", ")
}

// ringEvery calls 4001 from outside every so often, for ten seconds each.
func ringEvery(ctx context.Context, n *ctitest.Network, every time.Duration, out io.Writer) {
	if every <= 0 {
		<-ctx.Done()
		return
	}
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(every):
		}
		caller, err := n.Dial("0612345678", "4001")
		if err != nil {
			fmt.Fprintln(out, "call from outside:", err)
			continue
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(10 * time.Second):
			_ = caller.HangUp() // 4001 may have done so already
		}
	}
}

// echoPrivateData answers private data with the same.
func echoPrivateData(data []byte) ([]byte, error) { return data, nil }
