package cstatest

import (
	"strconv"

	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/cti"
)

// devicesPerPiece is how many devices a piece of the list of devices has where
// [Options] do not say it; ECMA-269 knows that list in pieces only.
const devicesPerPiece = 50

// splitResult puts a reference in place of the data of a result, and returns the
// messages that bring the data. There are none where the answer carries it.
func (c *conn) splitResult(r *message.Result, devices []cti.DeviceID) []message.Request {
	op, size := message.NoOperation, c.options.Pieces
	switch {
	case r.Op == message.GetSwitchingFunctionDevices:
		op = message.SwitchingFunctionDevices
		if size == 0 {
			size = devicesPerPiece
		}
	case size == 0 || !c.canEncode(message.SnapshotDeviceData): // phases I and II have none
		return nil
	case r.Op == message.SnapshotDevice:
		op = message.SnapshotDeviceData
	case r.Op == message.SnapshotCall:
		op = message.SnapshotCallData
	default:
		return nil
	}
	r.Service = message.Octets(strconv.FormatInt(c.lastService.Add(1), 10))
	out := c.cutPieces(op, size, r, devices)
	for i := range out {
		out[i].Service, out[i].Segment, out[i].Last = r.Service, message.Some(int64(i+1)), i == len(out)-1
	}
	r.Calls, r.Parties = nil, nil
	return out
}

// cutPieces cuts the data; no data is one empty piece.
func (c *conn) cutPieces(op message.Operation, size int, r *message.Result, devices []cti.DeviceID) (out []message.Request) {
	for first := true; first || len(r.Calls)+len(r.Parties)+len(devices) > 0; first = false {
		m := message.Request{Op: op}
		m.Calls, r.Calls = splitList(r.Calls, size)
		m.Parties, r.Parties = splitList(r.Parties, size)
		var part []cti.DeviceID
		part, devices = splitList(devices, size)
		for _, d := range part {
			m.Devices = append(m.Devices, message.ListedDevice{Device: c.messageDevice(string(d)), Category: message.Some(station)})
		}
		out = append(out, m)
	}
	return out
}

// station is ECMA-285 DeviceCategory.
const station = int16(5)

func splitList[T any](list []T, n int) (head, tail []T) {
	n = min(n, len(list))
	return list[:n:n], list[n:]
}

// canEncode reports whether the encoding has a service.
func (c *conn) canEncode(op message.Operation) bool {
	_, err := c.codec.AppendRequest(nil, 1, &message.Request{Op: op, Service: message.Octets{1}})
	return err == nil
}
