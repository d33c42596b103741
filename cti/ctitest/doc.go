// Package ctitest is a PBX network in memory, to test drivers, gateways and
// host applications against.
//
// A [Network] holds extensions at their places, people who act at them
// ([Network.Set]) and the public network around them ([Network.Dial],
// [Network.Outside]). Its calls follow ECMA-269. A [Link] is one CTI port of
// it, with a capacity, credentials and places that it reaches; [Link.Connector]
// opens it without any wire, and the test servers of the drivers (cstatest,
// vtixmltest) serve it on a net.Listener.
//
//	net := ctitest.NewNetwork(ctitest.Options{})
//	net.Add(cti.Extension{Number: "4001"}, cti.Extension{Number: "4002"})
//	paris := net.Link("paris", ctitest.LinkOptions{MaxSupervisions: 500})
//	session, err := paris.Connector(ctitest.ConnectorOptions{}).Open(ctx, sink)
//	...
//	net.Dial("0612345678", "4001") // somebody outside calls 4001
//	net.Set("4001").Answer()
//
// What goes wrong in the field is given as data ([Fault]) to [Network.Inject].
// [Pipe] and [Listen] are connections in memory with latency and faults.
// [drivertest.TestConnector] checks that a driver keeps the contract of
// [driver.Connector] and [driver.Session].
//
// Everything is deterministic and works inside a testing/synctest bubble: no
// random choice, no iteration over a map, no clock but that of package time.
package ctitest
