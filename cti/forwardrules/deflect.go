package forwardrules

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/cti"
)

// watchRinging starts a goroutine for each call that begins to ring at an extension
// with rules that deflect, and ends those of calls that no longer ring.
func (r *reader) watchRinging(ctx context.Context, device cti.DeviceID, line *watchedLine) {
	calls := line.model.Calls()
	for id, cancel := range line.ringing {
		if !slices.ContainsFunc(calls, func(c cti.Call) bool { return c.ID == id && c.State == cti.Alerting }) {
			cancel()
			delete(line.ringing, id)
		}
	}
	for _, c := range calls {
		if c.State != cti.Alerting || line.ringing[c.ID] != nil || !r.manager.hasDeflectingRules(device) {
			continue
		}
		ring := ringingCall{
			manager: r.manager, device: device, call: c.ID, caller: r.manager.callerOf(device, c), since: c.Since,
			requests: r.requests,
			busy:     slices.ContainsFunc(calls, func(o cti.Call) bool { return o.ID != c.ID && o.State != cti.Alerting }),
			disturbs: line.model.Features().DoNotDisturb != nil && *line.model.Features().DoNotDisturb,
		}
		rings, cancel := context.WithCancel(ctx)
		line.ringing[c.ID] = cancel
		r.deflections.Go(func() { ring.awaitDeflection(rings) })
	}
}

// hasDeflectingRules reports whether a rule of the extension deflects calls.
func (m *Manager) hasDeflectingRules(device cti.DeviceID) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.ContainsFunc(m.rules[device], func(r rule) bool { return len(r.patterns) > 0 && !r.Disabled })
}

// ringingCall is a call that rings at an extension.
type ringingCall struct {
	manager  *Manager
	device   cti.DeviceID
	call     cti.CallID
	caller   caller
	since    time.Time
	requests context.Context
	busy     bool // the extension has another call
	disturbs bool // do-not-disturb is on
}

// awaitDeflection deflects the call as soon as a rule says so, unless ctx ends before.
func (c *ringingCall) awaitDeflection(ctx context.Context) {
	for {
		rule, wait := c.chooseDeflection()
		if rule != nil {
			c.deflectCall(rule)
			return
		}
		if wait <= 0 {
			return // no rule applies to this call
		}
		timer := time.NewTimer(wait)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return
		}
	}
}

// chooseDeflection returns the rule by which the call is deflected now, or how long
// to wait for one. Rules that would close a circle are skipped and reported.
func (c *ringingCall) chooseDeflection() (*rule, time.Duration) {
	c.manager.mu.Lock()
	d := c.manager.decided
	c.manager.mu.Unlock()
	rang := time.Since(c.since)
	var wait time.Duration
	for _, kind := range c.applicableTypes() {
		for _, r := range d.deflected[edge{c.device, c.caller.class, kind}] {
			switch {
			case !r.acceptsCaller(c.caller):
				continue
			case d.canComeBack(d.dial(r.To), c.device, c.caller):
				c.markCircle(r, true)
				continue
			case kind != cti.ForwardNoAnswer || rang >= r.rings:
				return r, 0
			}
			wait = r.rings - rang
			break
		}
	}
	return nil, wait
}

// applicableTypes are the types of forwards that apply to the call, the strongest first.
func (c *ringingCall) applicableTypes() []cti.ForwardType {
	kinds := []cti.ForwardType{cti.ForwardImmediate}
	if c.disturbs {
		kinds = append(kinds, cti.ForwardDoNotDisturb)
	}
	if c.busy {
		kinds = append(kinds, cti.ForwardBusy)
	}
	return append(kinds, cti.ForwardNoAnswer)
}

// markCircle notes whether the rule is skipped because of a circle; a change is
// reported by the next [Manager.reconcile].
func (c *ringingCall) markCircle(r *rule, circular bool) {
	m := c.manager
	m.mu.Lock()
	defer m.mu.Unlock()
	if id := (circle{c.device, r.Name}); m.circles[id] != circular {
		m.circles[id] = circular
		m.wake()
	}
}

// deflectCall sends the request. The event that the call no longer rings may come
// before the answer, and must not cancel the request.
func (c *ringingCall) deflectCall(r *rule) {
	m := c.manager
	request, cancel := context.WithTimeout(c.requests, m.opts.RequestTimeout)
	defer cancel()
	err := m.gw.Line(c.device).Deflect(request, c.call, r.To)
	switch {
	case err == nil:
		c.markCircle(r, false)
	case c.requests.Err() != nil, errors.Is(err, cti.ErrInvalidCall):
		// In the meantime it was answered, or the caller hung up.
	default:
		to := key{r.Type, r.Origin}.forwardTo(r.To)
		m.recordIncidents(ctikit.Incident{
			Code: "forwardrules.deflection", Subject: string(c.device), Severity: slog.LevelWarn,
			Message: fmt.Sprintf("rule %q: deflecting the call failed; it keeps ringing", r.Name),
			Err:     &Failure{Device: c.device, Call: c.call, Forward: to, Err: err},
		})
	}
}
