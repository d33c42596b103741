package scenes

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/csta"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/ctitest"
	"github.com/ctikit/ctikit/cti/gateway"
)

// scene is what somebody does, and what the host is told of it over VTI-XML,
// which tells the parties with every event. Over CSTA it must be told the same,
// but for what no event before could tell.
type scene struct {
	name   string
	before []act // before the host comes
	acts   []act
	want   []string
	unlike []unlike
	lacks  string // the protocol that cannot do this
}

// unlike is a line that some protocols tell otherwise.
type unlike struct {
	over          func(spoken) bool
	line, instead string
}

func anyCSTA(s spoken) bool { return s.protocol == cti.CSTA }

func phases12(s spoken) bool {
	return anyCSTA(s) && (s.profile.Encoding == csta.BER1 || s.profile.Encoding == csta.BER2)
}

// line of an event: device, kind and state; who calls whom, and by way of whom;
// the other party.
func line(ev *cti.Event) string {
	by := ""
	if ev.Redirection.Status == cti.Known {
		by = " by " + ev.Redirection.String()
	}
	return fmt.Sprintf("%s %s %s: %s > %s%s, %s", ev.Device, ev.Kind, ev.State, ev.Calling, ev.Called, by, ev.Other.Number)
}

// TestEverybodyIsTold: the host learns who is with whom from every event of a
// call, whatever the protocol says of it.
func TestEverybodyIsTold(t *testing.T) {
	for _, s := range all(t) {
		for _, scene := range scenes {
			if s.name == scene.lacks {
				continue
			}
			t.Run(s.name+"/"+scene.name, func(t *testing.T) {
				var got []string
				for _, ev := range play(t, s, scene.before, scene.acts) {
					if ev.Kind.Class() != cti.CallClass {
						continue
					}
					got = append(got, line(&ev))
					if s.protocol == cti.VTIXML {
						require.Zero(t, ev.Filled, "told, and yet filled in: %s", line(&ev))
					}
				}
				require.Equal(t, strings.Join(s.tells(scene), "\n"), strings.Join(got, "\n"))
			})
		}
	}
}

// tells is what is wanted of a scene over a protocol.
func (s spoken) tells(sc scene) (want []string) {
	for _, l := range sc.want {
		for _, u := range sc.unlike {
			if u.over(s) && l == u.line {
				l = u.instead
			}
		}
		if s.hidesDialled && strings.Contains(l, "ServiceInitiated") {
			from, _, _ := strings.Cut(l, " > ")
			l = from + " > -, "
		}
		want = append(want, l)
	}
	return want
}

var scenes = []scene{
	{name: "incoming",
		acts: []act{comesIn("0612", "4001"), at("4001", answer), at("4001", hold), at("4001", retrieve), at("4001", hangUp)},
		want: []string{
			"4001 Delivered alerting: 0612 > 4001, 0612",
			"4001 Established connected: 0612 > 4001, 0612",
			"4001 Held hold: 0612 > 4001, 0612",
			"4001 Retrieved connected: 0612 > 4001, 0612",
			"4001 ConnectionCleared null: 0612 > 4001, 0612",
		}},
	{name: "incoming, withheld",
		acts: []act{comesIn("", "4001"), at("4001", answer), at("4001", hold)},
		want: []string{
			"4001 Delivered alerting: withheld > 4001, ",
			"4001 Established connected: withheld > 4001, ",
			"4001 Held hold: withheld > 4001, ",
		},
		unlike: []unlike{
			{phases12, "4001 Delivered alerting: withheld > 4001, ", "4001 Delivered alerting: unknown > 4001, "},
			{phases12, "4001 Established connected: withheld > 4001, ", "4001 Established connected: unknown > 4001, "},
			{phases12, "4001 Held hold: withheld > 4001, ", "4001 Held hold: unknown > 4001, "},
		}},
	{name: "from before",
		before: []act{comesIn("0612", "4001"), at("4001", answer)},
		acts:   []act{at("4001", hold), at("4001", retrieve), at("4001", hangUp)},
		want: []string{
			"4001 Held hold: 0612 > 4001, 0612",
			"4001 Retrieved connected: 0612 > 4001, 0612",
			"4001 ConnectionCleared null: 0612 > 4001, 0612",
		},
		unlike: []unlike{ // their snapshots do not tell who called
			{phases12, "4001 Held hold: 0612 > 4001, 0612", "4001 Held hold: - > -, 0612"},
			{phases12, "4001 Retrieved connected: 0612 > 4001, 0612", "4001 Retrieved connected: - > -, 0612"},
			{phases12, "4001 ConnectionCleared null: 0612 > 4001, 0612", "4001 ConnectionCleared null: - > -, 0612"},
		}},
	{name: "outgoing",
		acts: []act{dials("4001", "0123456789"), answersOutside("123456789"), at("4001", hangUp)},
		want: []string{
			"4001 ServiceInitiated initiated: 4001 > 0123456789, 0123456789",
			"4001 Originated connected: 4001 > 0123456789, 0123456789",
			"4001 NetworkReached connected: 4001 > 0123456789, 0123456789",
			"4001 Delivered connected: 4001 > 0123456789, 0123456789",
			"4001 Established connected: 4001 > 0123456789, 0123456789",
			"4001 ConnectionCleared null: 4001 > 0123456789, 0123456789",
		}},
	{name: "prompted",
		acts: []act{at("4001", prompted), asks("4001", func(ctx context.Context, l *gateway.Line, _ cti.CallID) error {
			_, err := l.MakeCall(ctx, "4002")
			return err
		}), at("4001", answer), at("4001", hangUp)},
		want: []string{
			"4001 ServiceInitiated initiated: 4001 > 4002, 4002",
			"4001 Originated connected: 4001 > 4002, 4002",
			"4001 Delivered connected: 4001 > 4002, 4002",
			"4002 Delivered alerting: 4001 > 4002, 4001",
			"4001 ConnectionCleared null: 4001 > 4002, 4002",
			"4002 ConnectionCleared alerting: 4001 > 4002, 4001",
			"4002 ConnectionCleared null: 4001 > 4002, 4001",
		}},
	{name: "busy",
		acts: []act{at("4002", func(s *ctitest.Set) error { return s.Lines(0) }), dials("4001", "4002"), at("4001", hangUp)},
		want: []string{
			"4001 ServiceInitiated initiated: 4001 > 4002, 4002",
			"4001 Originated connected: 4001 > 4002, 4002",
			"4001 Failed connected: 4001 > 4002, 4002",
			"4001 ConnectionCleared null: 4001 > 4002, 4002",
		}},
	{name: "consultation and supervised transfer",
		acts: []act{comesIn("0612", "4001"), at("4001", answer), consults("4001", "4002"), at("4002", answer), at("4001", transfer),
			at("4002", hold), at("4002", retrieve), at("4002", hangUp)},
		want: []string{
			"4001 Delivered alerting: 0612 > 4001, 0612",
			"4001 Established connected: 0612 > 4001, 0612",
			"4001 Held hold: 0612 > 4001, 0612",
			"4001 ServiceInitiated initiated: 4001 > 4002, 4002",
			"4001 Originated connected: 4001 > 4002, 4002",
			"4001 Delivered connected: 4001 > 4002, 4002",
			"4002 Delivered alerting: 4001 > 4002, 4001",
			"4001 Established connected: 4001 > 4002, 4002",
			"4002 Established connected: 4001 > 4002, 4001",
			"4001 Transferred null: 0612 > 4002, 0612",
			"4002 Transferred connected: 0612 > 4002, 0612",
			"4002 Held hold: 0612 > 4002, 0612",
			"4002 Retrieved connected: 0612 > 4002, 0612",
			"4002 ConnectionCleared null: 0612 > 4002, 0612",
		}},
	{name: "transfer while it rings",
		acts: []act{dials("4001", "4002"), at("4002", answer), consults("4001", "4003"), at("4001", transfer), at("4003", answer), at("4003", hangUp)},
		want: []string{
			"4001 ServiceInitiated initiated: 4001 > 4002, 4002",
			"4001 Originated connected: 4001 > 4002, 4002",
			"4001 Delivered connected: 4001 > 4002, 4002",
			"4002 Delivered alerting: 4001 > 4002, 4001",
			"4001 Established connected: 4001 > 4002, 4002",
			"4002 Established connected: 4001 > 4002, 4001",
			"4001 Held hold: 4001 > 4002, 4002",
			"4002 Held connected: 4001 > 4002, 4001",
			"4001 ServiceInitiated initiated: 4001 > 4003, 4003",
			"4001 Originated connected: 4001 > 4003, 4003",
			"4001 Delivered connected: 4001 > 4003, 4003",
			"4003 Delivered alerting: 4001 > 4003, 4001",
			"4001 Transferred null: 4002 > 4003, 4002",
			"4002 Transferred connected: 4002 > 4003, 4003",
			"4003 Transferred alerting: 4002 > 4003, 4002",
			"4002 Established connected: 4002 > 4003, 4003",
			"4003 Established connected: 4002 > 4003, 4002",
			"4003 ConnectionCleared null: 4002 > 4003, 4002",
			"4002 ConnectionCleared connected: 4002 > 4003, 4003",
			"4002 ConnectionCleared null: 4002 > 4003, 4003",
		}},
	{name: "blind transfer",
		acts: []act{comesIn("0612", "4001"), at("4001", answer), asks("4001", func(ctx context.Context, l *gateway.Line, call cti.CallID) error {
			_, err := l.BlindTransfer(ctx, call, "4002")
			return err
		}), at("4002", answer), at("4002", hangUp)},
		want: []string{
			"4001 Delivered alerting: 0612 > 4001, 0612",
			"4001 Established connected: 0612 > 4001, 0612",
			"4001 Transferred null: 0612 > 4002, 0612",
			"4002 Delivered alerting: 0612 > 4002, 0612",
			"4002 Established connected: 0612 > 4002, 0612",
			"4002 ConnectionCleared null: 0612 > 4002, 0612",
		},
		lacks: "CSTA I"},
	{name: "conference",
		acts: []act{dials("4001", "4002"), at("4002", answer), consults("4001", "4003"), at("4003", answer), at("4001", conference),
			at("4002", hangUp), at("4003", hangUp)},
		want: []string{
			"4001 ServiceInitiated initiated: 4001 > 4002, 4002",
			"4001 Originated connected: 4001 > 4002, 4002",
			"4001 Delivered connected: 4001 > 4002, 4002",
			"4002 Delivered alerting: 4001 > 4002, 4001",
			"4001 Established connected: 4001 > 4002, 4002",
			"4002 Established connected: 4001 > 4002, 4001",
			"4001 Held hold: 4001 > 4002, 4002",
			"4002 Held connected: 4001 > 4002, 4001",
			"4001 ServiceInitiated initiated: 4001 > 4003, 4003",
			"4001 Originated connected: 4001 > 4003, 4003",
			"4001 Delivered connected: 4001 > 4003, 4003",
			"4003 Delivered alerting: 4001 > 4003, 4001",
			"4001 Established connected: 4001 > 4003, 4003",
			"4003 Established connected: 4001 > 4003, 4001",
			"4001 Conferenced connected: 4001 > 4002, 4002",
			"4002 Conferenced connected: 4001 > 4002, 4001",
			"4003 Conferenced connected: 4001 > 4002, 4001",
			"4002 ConnectionCleared null: 4001 > 4002, 4001",
			"4001 ConnectionCleared connected: 4001 > 4002, 4002",
			"4003 ConnectionCleared connected: 4001 > 4002, 4001",
			"4003 ConnectionCleared null: 4001 > 4002, 4001",
			"4001 ConnectionCleared connected: 4001 > 4002, 4002",
			"4001 ConnectionCleared null: 4001 > 4002, 4002",
		},
		unlike: []unlike{ // 4003 knew the call that it was consulted in
			{anyCSTA, "4003 Conferenced connected: 4001 > 4002, 4001", "4003 Conferenced connected: 4001 > 4003, 4001"},
			{anyCSTA, "4003 ConnectionCleared connected: 4001 > 4002, 4001", "4003 ConnectionCleared connected: 4001 > 4003, 4001"},
			{anyCSTA, "4003 ConnectionCleared null: 4001 > 4002, 4001", "4003 ConnectionCleared null: 4001 > 4003, 4001"},
		}},
	{name: "pick-up",
		acts: []act{at("4002", inGroup), at("4003", inGroup), dials("4001", "4002"), at("4003", pickUp), at("4003", hold), at("4001", hangUp)},
		want: []string{
			"4001 ServiceInitiated initiated: 4001 > 4002, 4002",
			"4001 Originated connected: 4001 > 4002, 4002",
			"4001 Delivered connected: 4001 > 4002, 4002",
			"4002 Delivered alerting: 4001 > 4002, 4001",
			"4002 Diverted null: 4001 > 4002 by 4002, 4001",
			"4001 Diverted connected: 4001 > 4002 by 4002, 4002",
			"4001 Established connected: 4001 > 4002 by 4002, 4002",
			"4003 Established connected: 4001 > 4002 by 4002, 4001",
			"4001 Held connected: 4001 > 4002 by 4002, 4002",
			"4003 Held hold: 4001 > 4002 by 4002, 4001",
			"4001 ConnectionCleared null: 4001 > 4002 by 4002, 4002",
			"4003 ConnectionCleared hold: 4001 > 4002 by 4002, 4001",
			"4003 ConnectionCleared null: 4001 > 4002 by 4002, 4001",
		},
		unlike: []unlike{
			{phases12, "4002 Diverted null: 4001 > 4002 by 4002, 4001", "4002 Diverted null: 4001 > 4002, 4001"},
			{phases12, "4001 Diverted connected: 4001 > 4002 by 4002, 4002", "4001 Diverted connected: 4001 > 4002, 4002"},
		}},
	{name: "forward",
		acts: []act{at("4002", func(s *ctitest.Set) error {
			return s.Forward(cti.Forward{Type: cti.ForwardImmediate, Active: true, To: "4003"})
		}), dials("4001", "4002"), at("4003", answer), at("4003", hold), at("4003", hangUp)},
		want: []string{
			"4001 ServiceInitiated initiated: 4001 > 4002, 4002",
			"4001 Originated connected: 4001 > 4002, 4002",
			"4002 Diverted null: 4001 > 4002 by 4002, 4001",
			"4001 Diverted connected: 4001 > 4002 by 4002, 4002",
			"4001 Delivered connected: 4001 > 4002 by 4002, 4002",
			"4003 Delivered alerting: 4001 > 4002 by 4002, 4001",
			"4001 Established connected: 4001 > 4002 by 4002, 4002",
			"4003 Established connected: 4001 > 4002 by 4002, 4001",
			"4001 Held connected: 4001 > 4002 by 4002, 4002",
			"4003 Held hold: 4001 > 4002 by 4002, 4001",
			"4003 ConnectionCleared null: 4001 > 4002 by 4002, 4001",
			"4001 ConnectionCleared connected: 4001 > 4002 by 4002, 4002",
			"4001 ConnectionCleared null: 4001 > 4002 by 4002, 4002",
		},
		unlike: []unlike{ // the call never came to 4002
			{phases12, "4002 Diverted null: 4001 > 4002 by 4002, 4001", "4002 Diverted null: - > -, "},
			{phases12, "4001 Diverted connected: 4001 > 4002 by 4002, 4002", "4001 Diverted connected: 4001 > 4002, 4002"},
		}},
	{name: "deflection",
		acts: []act{comesIn("0612", "4001"), asks("4001", func(ctx context.Context, l *gateway.Line, call cti.CallID) error {
			return l.Deflect(ctx, call, "4002")
		}), at("4002", answer), at("4002", hold), at("4002", hangUp)},
		want: []string{
			"4001 Delivered alerting: 0612 > 4001, 0612",
			"4001 Diverted null: 0612 > 4001 by 4001, 0612",
			"4002 Delivered alerting: 0612 > 4001 by 4001, 0612",
			"4002 Established connected: 0612 > 4001 by 4001, 0612",
			"4002 Held hold: 0612 > 4001 by 4001, 0612",
			"4002 ConnectionCleared null: 0612 > 4001 by 4001, 0612",
		},
		unlike: []unlike{
			{phases12, "4001 Diverted null: 0612 > 4001 by 4001, 0612", "4001 Diverted null: 0612 > 4001, 0612"},
		}},
}
