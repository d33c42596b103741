// Package vtixmltest is a VTI-XML server for a port of a ctitest PBX
// network, on any [net.Listener]: what a driver meets when it calls a PBX that
// speaks the dialect, or any other vocabulary that a [vtixml.Codec] knows.
//
//	network := ctitest.NewNetwork(ctitest.Options{})
//	port := network.Link("paris", ctitest.LinkOptions{MaxSupervisions: 500})
//	listener := ctitest.Listen(ctitest.PipeOptions{}) // or net.Listen
//	server := vtixmltest.Serve(listener, port, vtixmltest.Options{})
//	defer server.Close()
package vtixmltest

import (
	"net"

	"github.com/ctikit/ctikit/cti/ctitest"
	"github.com/ctikit/ctikit/internal/acceptor"
	"github.com/ctikit/ctikit/vtixml"
)

// Options select the codec and the framer; nil is the default of [vtixml.Config].
type Options struct {
	Codec  vtixml.Codec
	Framer vtixml.Framer
}

// Server serves VTI-XML on a listener until it is closed.
type Server struct {
	port    *ctitest.Link
	options Options
	accept  *acceptor.Acceptor
}

// Serve starts to serve connections with the port of a network.
func Serve(l net.Listener, port *ctitest.Link, o Options) *Server {
	if o.Codec == nil {
		o.Codec = vtixml.Dialect{}
	}
	if o.Framer == nil {
		o.Framer = vtixml.LengthPrefixed{}
	}
	s := &Server{port: port, options: o}
	s.accept = acceptor.Start(l, s.serveConn)
	return s
}

// Addr returns the listener's address.
func (s *Server) Addr() net.Addr { return s.accept.Addr() }

// Close ends the listener and every connection, and waits for their goroutines.
func (s *Server) Close() error { return s.accept.Close() }
