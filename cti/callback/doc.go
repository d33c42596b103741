// Package callback joins two people who asked for it: a visitor of a web page
// presses a button, an agent is called, then the visitor, then both are
// connected (TWP guide 1.2, "double call and transfer").
//
//	s, err := callback.New(gw, callback.Options{Via: []cti.DeviceID{"7001", "7002"}})
//	...
//	result, err := s.Call(ctx, "4001", "+33 1 23 45 67 89")
//
// With a pool of devices (Via), one of them calls the agent, consults the
// visitor and transfers; it is free again afterwards. Without a pool the
// agent's own set calls the visitor, and the result says Direct.
//
// A call ends with its context. Each leg's failure is a [*LegError]; whatever
// the failure, no call is left behind.
package callback
