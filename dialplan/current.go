package dialplan

import (
	"context"
	"encoding/json"
	"fmt"
	"sync/atomic"

	"github.com/ctikit/ctikit"
)

// Current is a plan that is replaced while it is in use: a gateway that asks
// it always asks the newest. It is safe for concurrent use; [NewCurrent] makes one.
type Current struct {
	plan atomic.Pointer[Plan]
}

// NewCurrent starts with a plan.
func NewCurrent(p *Plan) *Current {
	c := &Current{}
	c.plan.Store(p)
	return c
}

// Plan gives the plan in use.
func (c *Current) Plan() *Plan { return c.plan.Load() }

// Replace puts another plan to use; transformations under way finish with the old one.
func (c *Current) Replace(p *Plan) { c.plan.Store(p) }

// Outgoing is [Plan.Outgoing] of the plan in use.
func (c *Current) Outgoing(number string) (string, error) { return c.Plan().Outgoing(number) }

// Incoming is [Plan.Incoming] of the plan in use.
func (c *Current) Incoming(presented string) (lookup, e164 string, internal bool) {
	return c.Plan().Incoming(presented)
}

// Dialled is [Plan.Dialled] of the plan in use.
func (c *Current) Dialled(number string) (lookup, e164 string, internal bool) {
	return c.Plan().Dialled(number)
}

// Section gives the plan's part of the configuration document: the JSON that
// [Parse] reads, its items being the host's own rules. An import checks the
// whole plan, has save keep it (nil: nothing is kept), and puts it to use; on
// an error of either the plan in use stays.
func (c *Current) Section(name string, save func(ctx context.Context, config Config) error) ctikit.Section {
	return ctikit.Section{
		Name: name,
		Export: func(context.Context) (json.RawMessage, int, error) {
			config := c.Plan().Config()
			data, err := json.Marshal(config)
			return data, len(config.Rules), err
		},
		Import: func(ctx context.Context, in ctikit.Import) (int, error) {
			plan, err := Parse(in.Data)
			if err != nil {
				return 0, err
			}
			config := plan.Config()
			if in.DryRun {
				return len(config.Rules), nil
			}
			if save != nil {
				if err := save(ctx, config); err != nil {
					return 0, fmt.Errorf("dialplan: saving the plan failed; the current one remains active: %w", err)
				}
			}
			c.Replace(plan)
			return len(config.Rules), nil
		},
	}
}
