package presence_test

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/gateway"
	"github.com/ctikit/ctikit/cti/presence"
)

func (d *domain) apply(t *testing.T, change func(*gateway.Config)) {
	cfg := d.gw.Config()
	change(&cfg)
	_, err := d.gw.Apply(t.Context(), cfg)
	require.NoError(t, err)
}

// TestGatewayChangesCompany: who is of another company from now on is seen no
// more at once, nor do the names of that company's users come to this board.
func TestGatewayChangesCompany(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := start(t, "paris", "acme", map[cti.DeviceID]string{"4001": "alice"})
		lyon := start(t, "lyon", "acme", map[cti.DeviceID]string{"4002": "bob"})
		b := board(t, presence.Options{Company: "acme", CanSee: everybody, Groups: map[string][]string{"desk": {"alice", "bob"}}}, d, lyon)
		b.SetPresence("alice", presence.Presence{State: "away"})
		b.SetCalendar("alice", presence.Presence{State: "busy"})
		w := b.Watch("bob", "alice")
		defer w.Close()
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		told := make(chan string, 10)
		go func() {
			for s := range w.States(ctx) {
				told <- fmt.Sprint(len(s.Lines), " ", s.Phone, s.Presence.State, s.Calendar.State)
			}
		}()
		require.Equal(t, "1 freeawaybusy", <-told)
		synctest.Wait()

		d.apply(t, func(cfg *gateway.Config) { cfg.Company = "other" })
		s, _ := b.See("bob", "alice")
		require.Empty(t, s.Lines)
		require.Equal(t, presence.Unknown, s.Phone)
		require.Zero(t, s.Presence)
		require.Zero(t, s.Calendar)
		members, err := b.Group("bob", "desk")
		require.NoError(t, err)
		require.Empty(t, members[0].Lines)
		require.Equal(t, "0 unknown", <-told)
		d.apply(t, func(cfg *gateway.Config) { cfg.Extensions[0].User = "carlo" })
		require.NoError(t, d.net.Set("4001").DoNotDisturb(true))
		time.Sleep(time.Second)
		_, ok := b.See("bob", "carlo")
		require.False(t, ok, "a name of another company")
		require.Empty(t, told)

		d.apply(t, func(cfg *gateway.Config) {
			cfg.Company = "acme"
			cfg.Extensions[0].User = "alice"
		})
		s, _ = b.See("bob", "alice")
		require.Equal(t, presence.DoNotDisturb, s.Phone, "it is back, and was followed meanwhile")
	})
}

// TestOneOfTwoDomainsChangesCompany: a user who keeps a line is still of the company.
func TestOneOfTwoDomainsChangesCompany(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		paris := start(t, "paris", "acme", map[cti.DeviceID]string{"4001": "alice"})
		lyon := start(t, "lyon", "acme", map[cti.DeviceID]string{"4002": "alice"})
		b := board(t, presence.Options{Company: "acme", CanSee: everybody}, paris, lyon)
		b.SetPresence("alice", presence.Presence{State: "away"})
		paris.apply(t, func(cfg *gateway.Config) { cfg.Company = "other" })
		s, _ := b.See("viewer", "alice")
		require.Len(t, s.Lines, 1)
		require.Equal(t, "lyon", s.Lines[0].Domain)
		require.Equal(t, "away", s.Presence.State)
	})
}

// TestUserLeaves: an extension goes away; its user's line is gone with the
// configuration, not only with the end of the supervision.
func TestUserLeaves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := start(t, "paris", "acme", map[cti.DeviceID]string{"4001": "alice"})
		b := board(t, presence.Options{Company: "acme", CanSee: everybody}, d)
		extensions := d.gw.Config().Extensions
		extensions[0].Disabled = true
		for range 2 { // supervised at first, then not
			d.apply(t, func(cfg *gateway.Config) { cfg.Extensions = nil })
			s, _ := b.See("viewer", "alice")
			require.Empty(t, s.Lines)
			time.Sleep(time.Minute)
			back := time.Now()
			d.apply(t, func(cfg *gateway.Config) { cfg.Extensions = extensions })
			time.Sleep(time.Second)
			s, _ = b.See("viewer", "alice")
			require.Len(t, s.Lines, 1)
			require.Equal(t, back, s.Lines[0].Since, "nothing is left of the former line")
		}
	})
}

// TestBoardEnds: what nobody follows any more is unknown.
func TestBoardEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := start(t, "paris", "acme", map[cti.DeviceID]string{"4001": "alice"})
		b, err := presence.New(presence.Options{Company: "acme", CanSee: everybody})
		require.NoError(t, err)
		require.NoError(t, b.Attach(d.gw))
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		require.ErrorIs(t, b.Run(ctx), context.DeadlineExceeded)
		s, _ := b.See("viewer", "alice")
		require.Len(t, s.Lines, 1)
		require.Equal(t, presence.Unknown, s.Phone)
	})
}

// TestSince: the time is that of the state, not of the last event.
func TestSince(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := start(t, "paris", "acme", map[cti.DeviceID]string{"4001": "alice", "4002": "bob"})
		b := board(t, presence.Options{Company: "acme", CanSee: everybody}, d)
		require.NoError(t, d.net.Set("4001").Call("4002"))
		require.NoError(t, d.net.Set("4002").Answer())
		talking := time.Now()
		time.Sleep(time.Minute)
		require.NoError(t, d.net.Set("4002").DoNotDisturb(true))
		time.Sleep(time.Second)
		s, _ := b.See("viewer", "bob")
		require.Equal(t, presence.Talking, s.Phone)
		require.Equal(t, talking, s.Lines[0].Since)
	})
}

// TestCalendarRunsOut: it is shown no longer, and who watches is told.
func TestCalendarRunsOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := board(t, presence.Options{Company: "acme", CanSee: everybody})
		b.SetCalendar("bob", presence.Presence{State: "busy", Until: time.Now().Add(time.Hour)})
		w := b.Watch("viewer", "bob")
		defer w.Close()
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Hour)
		defer cancel()
		var told []string
		for s, err := range w.States(ctx) {
			if err != nil {
				break
			}
			told = append(told, s.Calendar.State)
		}
		require.Equal(t, []string{"busy", ""}, told)
	})
}

// TestForget drops a presence that has not run out.
func TestForget(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := board(t, presence.Options{Company: "acme", CanSee: everybody})
		b.SetPresence("bob", presence.Presence{State: "away"})
		b.SetCalendar("bob", presence.Presence{State: "busy"})
		b.Forget("bob")
		s, _ := b.See("viewer", "bob")
		require.Zero(t, s.Presence)
		require.Zero(t, s.Calendar)
	})
}

// TestOneDomainSharesAll: Share is about others.
func TestOneDomainSharesAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := start(t, "paris", "acme", map[cti.DeviceID]string{"4001": "alice", "4002": "bob"})
		b := board(t, presence.Options{Company: "acme", CanSee: everybody, Share: func(string, string) presence.Shared { return presence.Shared{} }}, d)
		b.SetPresence("bob", presence.Presence{State: "away"})
		b.SetCalendar("bob", presence.Presence{State: "busy"})
		s, _ := b.See("alice", "bob")
		require.Equal(t, presence.Free, s.Phone)
		require.Equal(t, "away", s.Presence.State)
		require.Equal(t, "busy", s.Calendar.State)
		require.Zero(t, s.Hidden)
	})
}

// TestWatchOfSomebodyHidden: a reader keeps no picture of whom he may see no more,
// and learns nothing of whom he never saw.
func TestWatchOfSomebodyHidden(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		visible := map[string]bool{"bob": true}
		b := board(t, presence.Options{Company: "acme", CanSee: func(_, u string) bool { return visible[u] }})
		b.SetPresence("bob", presence.Presence{State: "away"})
		b.SetPresence("carol", presence.Presence{State: "away"})
		w := b.Watch("viewer", "bob", "carol")
		defer w.Close()
		read := func() (told []presence.State) {
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			for s, err := range w.States(ctx) {
				if err != nil {
					break
				}
				told = append(told, s)
			}
			return told
		}
		require.Len(t, read(), 1)
		visible["bob"] = false
		for _, text := range []string{"home", "office"} {
			b.SetPresence("bob", presence.Presence{State: text})
			b.SetPresence("carol", presence.Presence{State: text})
			if text == "home" {
				require.Equal(t, []presence.State{{User: "bob", Hidden: presence.Shared{Phone: true, Presence: true, Calendar: true}}}, read())
			} else {
				require.Empty(t, read(), "once")
			}
		}
		visible["bob"] = true
		b.SetPresence("bob", presence.Presence{State: "back"})
		require.Equal(t, "back", read()[0].Presence.State)
	})
}
