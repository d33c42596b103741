package presence_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/ctitest"
	"github.com/ctikit/ctikit/cti/gateway"
	"github.com/ctikit/ctikit/cti/presence"
)

// domain is a PBX with a gateway of one company's domain.
type domain struct {
	net  *ctitest.Network
	port *ctitest.Link
	gw   *gateway.Gateway
}

// start runs a gateway in front of a PBX; users are by number.
func start(t *testing.T, name, company string, users map[cti.DeviceID]string) *domain {
	d := &domain{net: ctitest.NewNetwork(ctitest.Options{})}
	d.port = d.net.Link(name, ctitest.LinkOptions{SnapshotAtomic: true, ReportsExistingCalls: true})
	cfg := gateway.Config{Name: name, Company: company, Links: []gateway.Link{{Name: "pbx", Capacity: 10, Connector: d.port.Connector(ctitest.ConnectorOptions{})}}}
	for number, user := range users {
		cfg.Extensions = append(cfg.Extensions, cti.Extension{Number: number, User: user, Protocol: cti.VTIXML})
	}
	d.net.Add(cfg.Extensions...)
	var err error
	d.gw, err = gateway.New(cfg)
	require.NoError(t, err)
	run(t, func(ctx context.Context) { _ = d.gw.Run(ctx) })
	require.NoError(t, d.gw.Settled(t.Context()))
	return d
}

func run(t *testing.T, f func(context.Context)) {
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	wg.Go(func() { f(ctx) })
	t.Cleanup(func() { cancel(); wg.Wait() })
}

func everybody(string, string) bool { return true }

func board(t *testing.T, o presence.Options, domains ...*domain) *presence.Board {
	b, err := presence.New(o)
	require.NoError(t, err)
	for _, d := range domains {
		require.NoError(t, b.Attach(d.gw))
	}
	run(t, func(ctx context.Context) { _ = b.Run(ctx) })
	time.Sleep(time.Second)
	return b
}

func TestPhoneStates(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := start(t, "paris", "acme", map[cti.DeviceID]string{"4001": "alice", "4002": "bob", "4003": "bob"})
		b := board(t, presence.Options{Company: "acme", CanSee: everybody}, d)
		phone := func(user string) string {
			time.Sleep(time.Second)
			s, ok := b.See("viewer", user)
			require.True(t, ok)
			return s.Phone.String()
		}
		require.Equal(t, "free", phone("alice"))
		require.NoError(t, d.net.Set("4001").DoNotDisturb(true))
		require.Equal(t, "do not disturb", phone("alice"))
		require.NoError(t, d.net.Set("4001").Call("4002"))
		require.Equal(t, "dialling", phone("alice"))
		require.Equal(t, "ringing", phone("bob"), "the busier of his two lines shows")
		require.NoError(t, d.net.Set("4002").Answer())
		require.Equal(t, "talking", phone("alice"))
		require.NoError(t, d.net.Set("4002").Hold())
		require.Equal(t, "on hold", phone("bob"))
		s, _ := b.See("viewer", "bob")
		require.Len(t, s.Lines, 2)
		require.Equal(t, presence.Free, s.Lines[1].State)

		d.net.Inject(ctitest.Fault{Op: cti.OpOpen, Count: -1})
		d.port.Drop()
		require.Equal(t, "unknown", phone("alice"))
	})
}

func TestRightsAndHostPresence(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := start(t, "paris", "acme", map[cti.DeviceID]string{"4001": "alice", "4002": "bob"})
		b := board(t, presence.Options{Company: "acme", CanSee: func(v, u string) bool { return v == "alice" && u == "bob" }}, d)
		_, ok := b.See("bob", "alice")
		require.False(t, ok, "no right")
		_, ok = b.See("alice", "nobody")
		require.False(t, ok, "no such user looks the same")
		_, ok = b.See("bob", "bob")
		require.True(t, ok, "everybody sees himself")

		b.SetPresence("bob", presence.Presence{State: "away", Text: "lunch", Until: time.Now().Add(time.Hour)})
		b.SetCalendar("bob", presence.Presence{State: "busy"})
		s, _ := b.See("alice", "bob")
		require.Equal(t, "lunch", s.Presence.Text)
		require.Equal(t, "busy", s.Calendar.State)
		time.Sleep(2 * time.Hour)
		s, _ = b.See("alice", "bob")
		require.Zero(t, s.Presence, "it has run out")
		b.Forget("bob")
		s, _ = b.See("alice", "bob")
		require.Zero(t, s.Calendar)
	})
}

func TestDomainsOfOneCompanyOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		paris := start(t, "paris", "acme", map[cti.DeviceID]string{"4001": "alice"})
		lyon := start(t, "lyon", "acme", map[cti.DeviceID]string{"4001": "bob"})
		foreign := start(t, "rome", "other", map[cti.DeviceID]string{"4001": "carlo"})
		b := board(t, presence.Options{Company: "acme", CanSee: everybody, Share: func(from, to string) presence.Shared {
			return presence.Shared{Phone: from == "paris" && to == "lyon"}
		}}, paris, lyon)
		require.ErrorIs(t, b.Attach(foreign.gw), ctikit.ErrCrossCompany)
		require.ErrorContains(t, b.Attach(paris.gw), `"paris"`)
		b.SetPresence("bob", presence.Presence{State: "away"})
		s, ok := b.See("alice", "bob")
		require.True(t, ok)
		require.Equal(t, presence.Free, s.Phone)
		require.Zero(t, s.Presence)
		require.Equal(t, presence.Shared{Presence: true, Calendar: true}, s.Hidden)
		s, _ = b.See("bob", "alice")
		require.Empty(t, s.Lines)
		require.True(t, s.Hidden.Phone)
	})
}

// TestExtensionChangesHands: an extension is given to another user, and one is
// taken away; nothing happens on the telephones.
func TestExtensionChangesHands(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := start(t, "paris", "acme", map[cti.DeviceID]string{"4001": "alice", "4002": "bob"})
		b := board(t, presence.Options{Company: "acme", CanSee: everybody}, d)
		cfg := d.gw.Config()
		for i := range cfg.Extensions {
			if cfg.Extensions[i].Number == "4001" {
				cfg.Extensions[i].User = "carol"
			}
		}
		_, err := d.gw.Apply(t.Context(), cfg)
		require.NoError(t, err)
		s, ok := b.See("viewer", "carol")
		require.True(t, ok)
		require.Len(t, s.Lines, 1)
		require.Equal(t, presence.Free, s.Phone)
		s, _ = b.See("viewer", "alice")
		require.Empty(t, s.Lines)

		cfg.Extensions = cfg.Extensions[:0]
		_, err = d.gw.Apply(t.Context(), cfg)
		require.NoError(t, err)
		time.Sleep(time.Second)
		s, _ = b.See("viewer", "bob")
		require.Empty(t, s.Lines, "an extension that is gone shows nowhere")
	})
}

// TestWatchLearnsOfAnotherOwner: who waits for changes is told that an extension
// has been given to another user, though nothing happens on the telephones.
func TestWatchLearnsOfAnotherOwner(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := start(t, "paris", "acme", map[cti.DeviceID]string{"4001": "alice"})
		b := board(t, presence.Options{Company: "acme", CanSee: everybody}, d)
		w := b.Watch("viewer", "alice", "carol")
		defer w.Close()
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		told := make(chan string, 10)
		go func() {
			defer close(told)
			for s, err := range w.States(ctx) {
				if err != nil {
					return
				}
				told <- fmt.Sprint(s.User, " ", len(s.Lines))
			}
		}()
		require.Equal(t, "alice 1", <-told)
		synctest.Wait() // it waits for a change
		cfg := d.gw.Config()
		cfg.Extensions[0].User = "carol"
		_, err := d.gw.Apply(t.Context(), cfg)
		require.NoError(t, err)
		require.ElementsMatch(t, []string{"alice 0", "carol 1"}, []string{<-told, <-told})
	})
}

func TestGroups(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := start(t, "paris", "acme", map[cti.DeviceID]string{"4001": "alice", "4002": "bob"})
		b := board(t, presence.Options{Company: "acme", Groups: map[string][]string{"desk": {"bob", "alice", "ghost"}}}, d)
		members, err := b.Group("alice", "desk")
		require.NoError(t, err)
		require.Equal(t, []string{"alice", "bob"}, []string{members[0].User, members[1].User})
		_, err = b.Group("carol", "desk")
		require.ErrorIs(t, err, presence.ErrUnknownGroup)
		_, err = presence.New(presence.Options{Groups: map[string][]string{"empty": nil}})
		require.Error(t, err)
	})
}

func TestWatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := start(t, "paris", "acme", map[cti.DeviceID]string{"4001": "alice", "4002": "bob"})
		b := board(t, presence.Options{Company: "acme", CanSee: func(_, u string) bool { return u == "bob" }}, d)
		w := b.Watch("viewer", "alice", "bob")
		read := func() (seen []string) {
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			for s, err := range w.States(ctx) {
				if err != nil {
					return seen
				}
				seen = append(seen, s.User+" "+s.Phone.String())
			}
			return append(seen, "closed")
		}
		require.Equal(t, []string{"bob free"}, read(), "alice is not to be seen")
		require.NoError(t, d.net.Set("4001").Call("4002"))
		require.NoError(t, d.net.Set("4002").Answer())
		require.NoError(t, d.net.Set("4002").HangUp())
		_, err := d.net.Dial("0612345678", "4002")
		require.NoError(t, err)
		time.Sleep(time.Second)
		require.Equal(t, []string{"bob ringing"}, read(), "only the newest state")
		b.SetPresence("bob", presence.Presence{State: "away", Until: time.Now().Add(1500 * time.Millisecond)})
		require.Equal(t, []string{"bob ringing"}, read())
		require.Equal(t, []string{"bob ringing"}, read(), "it is told when a presence runs out")
		require.Empty(t, read())
		w.Close()
		require.Equal(t, []string{"closed"}, read())
	})
}

// TestLinesOfTwoDomains: who shares one domain with somebody does not thereby see
// the lines that he has in another one, which is not shared.
func TestLinesOfTwoDomains(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		paris := start(t, "paris", "acme", map[cti.DeviceID]string{"4001": "alice", "4002": "bob"})
		lyon := start(t, "lyon", "acme", map[cti.DeviceID]string{"4002": "bob"})
		b := board(t, presence.Options{Company: "acme", CanSee: everybody, Share: func(string, string) presence.Shared { return presence.Shared{} }}, paris, lyon)
		require.NoError(t, lyon.net.Set("4002").DoNotDisturb(true))
		time.Sleep(time.Second)
		s, ok := b.See("alice", "bob")
		require.True(t, ok)
		require.Len(t, s.Lines, 1)
		require.Equal(t, "paris", s.Lines[0].Domain)
		require.Equal(t, presence.Free, s.Phone, "not what he does in lyon")
		require.True(t, s.Hidden.Phone)
		s, _ = b.See("bob", "bob")
		require.Len(t, s.Lines, 2)
		require.False(t, s.Hidden.Phone)
	})
}

// TestGroupShowsLinesAlone: membership shows the telephones; what else is known of
// a member is for those who may see him.
func TestGroupShowsLinesAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := start(t, "paris", "acme", map[cti.DeviceID]string{"4001": "alice", "4002": "bob"})
		b := board(t, presence.Options{Company: "acme", Groups: map[string][]string{"desk": {"alice", "bob"}},
			CanSee: func(v, u string) bool { return v == "bob" }}, d)
		b.SetPresence("bob", presence.Presence{State: "away"})
		b.SetCalendar("alice", presence.Presence{State: "busy"})
		members, err := b.Group("alice", "desk")
		require.NoError(t, err)
		require.Equal(t, "busy", members[0].Calendar.State, "her own")
		require.Equal(t, presence.Free, members[1].Phone)
		require.Zero(t, members[1].Presence)
		require.Equal(t, presence.Shared{Presence: true, Calendar: true}, members[1].Hidden)
		members, err = b.Group("bob", "desk")
		require.NoError(t, err)
		require.Equal(t, "busy", members[0].Calendar.State, "he may see her")
	})
}

func TestNewReportsEveryProblem(t *testing.T) {
	_, err := presence.New(presence.Options{Groups: map[string][]string{"": {"alice"}, "sales": nil, "desk": {"bob"}}})
	require.EqualError(t, err, "groups[\"\"]: missing name\ngroups[\"sales\"]: no members")
	require.ErrorIs(t, err, ctikit.ErrInvalid)
}
