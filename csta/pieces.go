package csta

import (
	"context"
	"fmt"
	"sync"

	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/driver"
	"github.com/ctikit/ctikit/internal/wire"
)

// A PBX may answer with a reference only, and then send the data in pieces
// (ECMA-269 snapshotDeviceData, snapshotCallData, switchingFunctionDevices).

// maxInPieces bounds the calls, parties or devices that one answer may bring.
const maxInPieces = 1 << 20

// pieces are the answers of a session that are on their way.
type pieces struct {
	mu      sync.Mutex
	waiting map[string]*collection // by service cross reference
}

// collection is one of them. Until complete is closed it is the reader's.
type collection struct {
	got      reply
	size     int
	segment  message.Opt[int64] // of the last piece
	complete chan struct{}
	err      error // set before complete is closed
}

// expectPieces begins to collect under a reference.
func (p *pieces) expectPieces(ref string) *collection {
	c := &collection{complete: make(chan struct{})}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.waiting == nil {
		p.waiting = make(map[string]*collection)
	}
	p.waiting[ref] = c
	return c
}

// forgetPieces forgets a reference: pieces that still come are ignored.
func (p *pieces) forgetPieces(ref string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.waiting, ref)
}

func (p *pieces) findPieces(ref string) *collection {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.waiting[ref]
}

// handlePiece takes one piece of an answer. It runs on the reader.
func (s *session) handlePiece(r *message.Request) {
	c := s.pieces.findPieces(string(r.Service))
	if c == nil {
		s.Figures.Skipped.Add(1)
		return
	}
	if c.segment.Set && r.Segment.Set && r.Segment.Value != c.segment.Value+1 {
		c.err = &cti.Error{Err: cti.ErrProtocol, Code: fmt.Sprintf("answer out of order: piece %d after piece %d",
			r.Segment.Value, c.segment.Value)}
	}
	c.segment = r.Segment
	c.size += len(r.Calls) + len(r.Parties) + len(r.Devices)
	if c.size > maxInPieces {
		c.err = &cti.Error{Err: cti.ErrProtocol, Code: fmt.Sprintf("answer has more than %d entries", maxInPieces)}
	}
	if c.err == nil {
		s.appendCalls(&c.got, r.Calls)
		s.appendParties(&c.got, r.Parties)
		appendStations(&c.got, r.Devices)
	}
	if r.Last || c.err != nil {
		s.pieces.forgetPieces(string(r.Service))
		close(c.complete)
	}
}

// askAllPieces is askService for services whose answer may come in pieces.
func (s *session) askAllPieces(ctx context.Context, op cti.Operation, device cti.DeviceID,
	r *message.Request) (reply, error) {
	var c *collection
	a, err := s.askNoted(ctx, op, device, r, request{
		onAnswer: func(a reply) {
			if a.service != "" {
				c = s.pieces.expectPieces(a.service)
			}
		},
		onLate: func(a reply) { s.pieces.forgetPieces(a.service) },
	})
	if err != nil || a.service == "" {
		return a, err
	}
	select {
	case <-c.complete:
		err = c.err
	case <-ctx.Done():
		err = ctx.Err()
	case <-s.Exchange.Done():
		err = s.Exchange.Err()
	}
	if err != nil {
		s.pieces.forgetPieces(a.service)
		return a, wire.RequestError(op, device, true, err)
	}
	a.calls, a.own, a.parties, a.devices = c.got.calls, c.got.own, c.got.parties, c.got.devices
	return a, nil
}

// listStations returns the stations in the list of the PBX
// (getSwitchingFunctionDevices), and the devices without a category.
func listStations(s *session, ctx context.Context, q *driver.Request, r *message.Request) (driver.Reply, error) {
	a, err := s.askAllPieces(ctx, q.Op, "", r)
	return driver.Reply{Devices: a.devices}, err
}

// station is ECMA-285 DeviceCategory.
const station = 5

func appendStations(a *reply, list []message.ListedDevice) {
	for i := range list {
		d := &list[i]
		if d.Device.Status == message.Known && (!d.Category.Set || d.Category.Value == station) {
			a.devices = append(a.devices, cti.DeviceID(d.Device.Number))
		}
	}
}
