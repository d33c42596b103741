package cti

import (
	"fmt"
	"sync"
)

// hookQueue calls the host's hooks one at a time on a goroutine of its own that
// exists only while there is something to tell.
type hookQueue struct {
	gw      *Gateway
	mu      sync.Mutex
	calls   []func()
	working bool
	idle    sync.WaitGroup
}

// maxHookCalls bounds what may wait for a hook that does not return.
const maxHookCalls = 10000

func (q *hookQueue) call(f func()) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.calls) >= maxHookCalls {
		q.calls = q.calls[1:] // the newest state is worth most
	}
	q.calls = append(q.calls, f)
	if !q.working {
		q.working = true
		q.idle.Go(q.work)
	}
}

func (q *hookQueue) work() {
	for {
		q.mu.Lock()
		if len(q.calls) == 0 {
			q.working = false
			q.mu.Unlock()
			return
		}
		f := q.calls[0]
		q.calls = q.calls[1:]
		q.mu.Unlock()
		q.contained(f)
	}
}

func (q *hookQueue) contained(f func()) {
	defer func() {
		if p := recover(); p != nil {
			q.gw.stats.hookPanics.Add(1)
			q.gw.incident("hook.panic", "hooks", fmt.Sprintf("a hook of the host panicked: %v", p), nil)
		}
	}()
	f()
}

// drain waits until every hook called so far has returned.
func (q *hookQueue) drain() { q.idle.Wait() }
