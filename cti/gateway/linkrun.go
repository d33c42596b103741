package gateway

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync/atomic"
	"time"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/driver"
)

// runner keeps one link up: it dials, watches, pauses and dials again until ctx
// ends. It is the only goroutine that opens and closes the link's sessions.
type runner struct {
	gw    *Gateway
	link  *link
	kick  chan struct{} // one token: restart the session
	state atomic.Pointer[runnerState]
}

type runnerState struct {
	rtt time.Duration
}

func (r *runner) keepLinkUp(ctx context.Context) {
	t := r.gw.timing()
	random := rand.New(rand.NewPCG(r.gw.seed, uint64(r.link.id)))
	dial := backoff{first: t.BackoffMin, most: t.BackoffMax, random: random}
	login := backoff{first: t.CredentialsBackoff, most: time.Hour, random: random}
	for ctx.Err() == nil {
		live, err := r.openSession(ctx, t)
		if err == nil {
			opened := time.Now()
			err = r.watchSession(ctx, live, t)
			r.gw.control.post(func() { r.gw.control.linkDown(live, err) })
			if time.Since(opened) > t.BackoffMax {
				dial.forgetFailures()
			}
			login.forgetFailures()
		} else if ctx.Err() == nil {
			r.gw.control.post(func() { r.gw.control.linkFailed(r.link, err) })
		}
		if errors.Is(err, errRestart) {
			continue
		}
		pause := dial.nextPause()
		if errors.Is(err, cti.ErrBadCredentials) {
			pause = login.first/2 + login.nextPause()
		}
		select {
		case <-time.After(pause):
		case <-r.kick:
		case <-ctx.Done():
		}
	}
}

// openSession dials once and reports the result to the control.
func (r *runner) openSession(ctx context.Context, t Timing) (*liveLink, error) {
	r.gw.control.post(func() { r.gw.control.linkConnecting(r.link) })
	opening, cancel := context.WithTimeout(ctx, t.DialTimeout)
	defer cancel()
	live := &liveLink{gw: r.gw, link: r.link}
	session, err := r.link.connector.Open(opening, live)
	if err != nil {
		if opening.Err() != nil && ctx.Err() == nil {
			err = fmt.Errorf("not open after %v: %w", t.DialTimeout, err)
		}
		return nil, err
	}
	live.session = session
	r.gw.control.post(func() { r.gw.control.linkUp(live) })
	return live, nil
}

// watchSession pings the session until it ends, and closes it.
func (r *runner) watchSession(ctx context.Context, live *liveLink, t Timing) error {
	defer live.session.Close()
	ticker := time.NewTicker(t.Heartbeat)
	defer ticker.Stop()
	for {
		select {
		case <-live.session.Done():
			if err := live.session.Err(); err != nil {
				return err
			}
			return cti.ErrLinkDown
		case <-r.kick:
			return errRestart
		case <-ctx.Done():
			return cti.ErrClosed
		case <-ticker.C:
		}
		if err := r.pingSession(ctx, live, t); err != nil {
			return err
		}
	}
}

var errRestart = errors.New("restarted on request")

func (r *runner) pingSession(ctx context.Context, live *liveLink, t Timing) error {
	if !live.can(cti.OpPing) {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, t.HeartbeatTimeout)
	defer cancel()
	sent := time.Now()
	_, err := live.session.Do(ctx, driver.Request{Op: cti.OpPing})
	if err == nil {
		r.state.Store(&runnerState{rtt: time.Since(sent)})
		return nil
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("no answer to a heartbeat within %v: %w", t.HeartbeatTimeout, cti.ErrLinkDown)
	}
	if errors.Is(err, cti.ErrLinkDown) || errors.Is(err, cti.ErrClosed) || errors.Is(err, cti.ErrProtocol) ||
		ctx.Err() != nil {
		return err
	}
	return nil // an error answer is a sign of life
}

// backoff yields pauses with full jitter: a random time up to a bound that
// doubles with every failure, so that many gateways do not return in step.
type backoff struct {
	first, most time.Duration
	random      *rand.Rand
	failures    int
}

func (b *backoff) nextPause() time.Duration {
	bound := b.most
	if shift := b.failures; shift < 32 && b.first<<shift < b.most && b.first<<shift > 0 {
		bound = b.first << shift
	}
	b.failures++
	// Never less than a tenth: a peer that refuses at once is not hammered.
	return bound/10 + time.Duration(b.random.Int64N(int64(bound-bound/10)+1))
}

func (b *backoff) forgetFailures() { b.failures = 0 }
