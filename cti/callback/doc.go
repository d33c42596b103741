// Package callback connects two people on request: a visitor of a web page presses a
// button, an agent is called, then the visitor, then both are connected (TWP guide
// 1.2, "double call and transfer").
//
//	s, err := callback.New(gw, callback.Options{Via: []cti.DeviceID{"7001", "7002"}})
//	...
//	result, err := s.Call(ctx, "4001", "+33 1 23 45 67 89")
//
// With a pool of devices (Via), one of them calls the agent, consults the
// visitor and transfers; it is free again afterwards. Without a pool the
// agent's own set calls the visitor, and the result says Direct.
//
// A call-back is abandoned when its context ends. The failure of a leg is a
// [*LegError]; after any failure all calls are cleared.
package callback
