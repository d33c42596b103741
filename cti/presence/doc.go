// Package presence shows who is on the phone, over all gateways of a company
// (TWP guide 1.2 and 6.2): the state of each line, the telephone presence of
// each user made from the lines that are his, and beside it the presence and
// the calendar presence that the host feeds in. Intercom groups are users who
// watch each other's lines.
//
//	board, err := presence.New(presence.Options{Company: "acme", CanSee: rights.CanSee})
//	err = board.Attach(gw)                        // one for each domain
//	go board.Run(ctx)
//	state, ok := board.See("alice", "bob")        // with alice's rights
//	for state, err := range board.Watch("alice", "bob", "carol").States(ctx) { ... }
//
// A board belongs to one company. What one domain shows to another is decided
// by [Options].Share; within a domain everything is shown to whom CanSee lets.
//
// A user is whoever the extensions of the gateways' configurations name in
// their field User. All methods may be called concurrently.
package presence
