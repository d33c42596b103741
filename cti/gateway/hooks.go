package gateway

import (
	"fmt"
	"sync"
)

// hookQueue calls code of the application (hooks, incident recorder and logger)
// one call at a time, on a separate goroutine that exists only while calls are
// queued.
type hookQueue struct {
	gw      *Gateway
	mu      sync.Mutex
	calls   []hookCall
	working bool
	idle    sync.WaitGroup
}

// hookCall is one queued call.
type hookCall struct {
	tell  func()
	quiet bool // a panic is counted but not recorded: the recorder panicked
}

// maxHookCalls bounds what may wait for a hook that does not return.
const maxHookCalls = 10000

// queueHook queues a hook.
func (q *hookQueue) queueHook(f func()) { q.queueCall(hookCall{tell: f}) }

// queueNote queues a call of the application's recorder or logger.
func (q *hookQueue) queueNote(f func()) { q.queueCall(hookCall{tell: f, quiet: true}) }

func (q *hookQueue) queueCall(c hookCall) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.calls) >= maxHookCalls {
		q.calls = q.calls[1:] // the newest states matter most
		q.gw.stats.hooksDropped.Add(1)
	}
	q.calls = append(q.calls, c)
	if !q.working {
		q.working = true
		q.idle.Go(q.runCalls)
	}
}

func (q *hookQueue) runCalls() {
	for {
		q.mu.Lock()
		if len(q.calls) == 0 {
			q.working = false
			q.mu.Unlock()
			return
		}
		c := q.calls[0]
		q.calls = q.calls[1:]
		q.mu.Unlock()
		q.runContained(c)
	}
}

func (q *hookQueue) runContained(c hookCall) {
	defer func() {
		p := recover()
		if p == nil {
			return
		}
		q.gw.stats.hookPanics.Add(1)
		if !c.quiet {
			q.gw.recordWarning("hook.panic", "hooks", fmt.Sprintf("a hook of the host panicked: %v", p), nil)
		}
	}()
	c.tell()
}

// waitIdle waits until every hook called so far has returned.
func (q *hookQueue) waitIdle() { q.idle.Wait() }
