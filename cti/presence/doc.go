// Package presence shows who is on the phone, over all gateways of a company
// (TWP guide 1.2 and 6.2): the state of each line, the telephone presence of each
// user computed from the user's lines, and the presence and calendar presence that
// the application provides. Intercom groups are users who watch each other's lines.
//
//	board, err := presence.New(presence.Options{Company: "acme", CanSee: rights.CanSee})
//	err = board.Attach(gw)                        // one for each domain
//	go board.Run(ctx)
//	state, ok := board.See("alice", "bob")        // with alice's rights
//	for state, err := range board.Watch("alice", "bob", "carol").States(ctx) { ... }
//
// A board belongs to one company. [Options].Share decides what one domain shows to
// another; within a domain everything is shown to users that CanSee permits.
//
// The users are the values of the field User of the extensions in the gateways'
// configurations. All methods may be called concurrently.
package presence
