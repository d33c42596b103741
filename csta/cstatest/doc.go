// Package cstatest is a CSTA server in front of a PBX in memory: the other end
// of package csta's driver, on any net.Listener.
//
//	net := ctitest.NewNetwork(ctitest.Options{})
//	port := net.Link("csta", ctitest.LinkOptions{Protocol: cti.CSTA})
//	server := cstatest.Serve(listener, port, csta.Generic3)
//	defer server.Close()
//
// It speaks the encoding, framing and association of the profile. Faults that
// [ctitest.Network.Inject] puts to work show on its wire, down to broken bytes.
package cstatest
