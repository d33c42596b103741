package setup

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/gateway"
)

// Running is an installation whose gateway runs.
type Running struct {
	*Installation
	PBX *Network // nil in front of real links

	cancel context.CancelFunc
	ended  chan error
}

// Open makes an installation, runs its gateway and waits until it has supervised
// what it can. With a configuration file it opens the links that stand there;
// without one it starts the PBX network of the examples for the configuration
// that is built in. End it with Close.
func Open(ctx context.Context, path string) (*Running, error) {
	r := &Running{ended: make(chan error, 1)}
	var dial Dialer
	if path == "" {
		r.PBX = NewNetwork()
		dial = r.PBX.Connect
	}
	s, err := Read(path, dial)
	if err != nil {
		return nil, err
	}
	if r.Installation, err = Install(ctx, s, nil); err != nil {
		return nil, err
	}
	if r.PBX != nil {
		if err := r.PBX.Start(s.File, s.CTI); err != nil {
			r.PBX.Stop()
			return nil, err
		}
	}
	running, cancel := context.WithCancel(context.WithoutCancel(ctx))
	r.cancel = cancel
	go func() { r.ended <- r.Gateway.Run(running) }()
	if err := r.Gateway.Settled(ctx); err != nil {
		return nil, errors.Join(err, r.Close())
	}
	return r, nil
}

// Close stops the gateway and, after it, the PBX network.
func (r *Running) Close() error {
	r.cancel()
	err := <-r.ended
	if r.PBX != nil {
		r.PBX.Stop()
	}
	return err
}

// Extensions reads a list of numbers separated by commas.
func (r *Running) Extensions(list string) (out []cti.DeviceID, err error) {
	for number := range strings.FieldsFuncSeq(list, func(r rune) bool { return r == ',' || r == ' ' }) {
		id := cti.DeviceID(number)
		if _, known := r.Gateway.Extension(id); !known {
			return nil, Mistake{fmt.Errorf("extension %q is not in the configuration", number)}
		}
		out = append(out, id)
	}
	return out, nil
}

// While runs a gateway as long as f does.
func While(ctx context.Context, gw *gateway.Gateway, f func() error) error {
	inner, cancel := context.WithCancel(context.WithoutCancel(ctx))
	ended := make(chan error, 1)
	go func() { ended <- gw.Run(inner) }()
	err := f()
	cancel()
	return errors.Join(err, <-ended)
}
