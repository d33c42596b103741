// Package cti opens and keeps alive links to PBXs, spreads the supervision of
// extensions over them by capacity and site, moves supervisions when a link
// dies, and gives events and call control per extension.
//
// A [gateway.Gateway] serves one domain: one PBX network of one company. Make it from a
// [gateway.Config], keep it alive with [gateway.Gateway.Run], change it with [gateway.Gateway.Apply]
// while it runs:
//
//	gw, err := cti.New(cti.Config{
//		Links: []cti.Link{{
//			Name: "paris", Location: cti.Location{Site: 1, Cluster: 1}, Capacity: 500,
//			Connector: vtixml.Config{Addr: "pbx.example:3199"},
//		}},
//		Extensions: []cti.Extension{{Number: "4001", Protocol: cti.VTIXML,
//			Location: cti.Location{Site: 1, Cluster: 1}, Password: cti.NewSecret("1234")}},
//	})
//	...
//	go gw.Run(ctx)
//	sub := gw.Subscribe(cti.Devices("4001"))
//	for ev, err := range sub.Events(ctx) { ... }
//	conn, err := gw.Line("4001").MakeCall(ctx, "+33 1 23 45 67 89")
//
// # Links and supervisions
//
// A [gateway.Link] holds at most Capacity supervisions. An extension of a place that
// links name (Serves) goes to the least loaded of them (explicit mode); when
// they are full, to another link (overflow); an extension of a place that no
// link names, to any (implicit). See TWP guide 4.1. When a link is lost its
// extensions yield a Gap; after Timing.FailoverDelay they are given to other
// links by the same rules. When it has been back for Timing.HoldDown, those in
// overflow return, idle ones first. As this side knows it, an extension is
// never on two links. [gateway.Gateway.Links] and [gateway.Gateway.Extensions] show where
// everything is and why.
//
// # Events
//
// An [Event] is one plain value with a [Kind]; names, states and causes are
// those of ECMA-269. A [gateway.Subscription] is a bounded queue without a goroutine.
// Order is guaranteed per device. Every loss that this side causes or can see
// is told in-band: a GapFound event stands where events are missing, and one
// SnapshotTaken event per device then replaces the picture. No event is
// invented; what began and ended inside a gap is gone. What a PBX never sent
// nobody can see: CSTA numbers no events. [CallModel] folds events into a
// picture; the gateway keeps one per extension ([gateway.Gateway.Snapshot]).
//
// # Commands
//
// A [gateway.Line] is call control of one extension. Each operation goes to the session
// that can do it; what a link cannot do fails with [ctikit.ErrUnsupported] and names
// operation and link. Errors are [*Error]; [SafeToRetry] tells whether
// something may have reached the PBX.
//
// # The configuration document
//
// [gateway.Gateway.Sections] gives links and extensions as parts of the configuration
// document that package directory exports and imports (TWP guide 2.3).
//
// # Concurrency
//
// Everything may be called from anywhere. Nothing of the host's runs on a
// link's reader: names and number plans are asked in the subscriber's own
// iteration, hooks have a goroutine of their own, and a slow subscriber holds
// up nobody. After [gateway.Gateway.Run] has returned no goroutine is left.
//
// # Drivers
//
// Packages csta and vtixml implement [driver.Connector] and [driver.Session]. A driver of
// your own implements the same, grows by the optional abilities listed at
// [driver.Session], and proves itself with ctitest.TestConnector.
package cti
