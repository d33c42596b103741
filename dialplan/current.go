package dialplan

import (
	"context"
	"encoding/json"
	"fmt"
	"sync/atomic"

	"github.com/ctikit/ctikit"
)

// Current holds a plan that can be replaced while it is in use: a gateway that uses
// it always uses the newest. It is safe for concurrent use; [NewCurrent] makes one.
type Current struct {
	plan atomic.Pointer[Plan]
}

// NewCurrent starts with a plan.
func NewCurrent(p *Plan) *Current {
	c := &Current{}
	c.plan.Store(p)
	return c
}

// Plan returns the current plan.
func (c *Current) Plan() *Plan { return c.plan.Load() }

// Replace makes another plan the current one; transformations under way finish with
// the old one.
func (c *Current) Replace(p *Plan) { c.plan.Store(p) }

// Outgoing is [Plan.Outgoing] of the current plan.
func (c *Current) Outgoing(number string) (string, error) { return c.Plan().Outgoing(number) }

// Incoming is [Plan.Incoming] of the current plan.
func (c *Current) Incoming(presented string) (lookup, e164 string, internal bool) {
	return c.Plan().Incoming(presented)
}

// Dialled is [Plan.Dialled] of the current plan.
func (c *Current) Dialled(number string) (lookup, e164 string, internal bool) {
	return c.Plan().Dialled(number)
}

// Section gives the plan's part of the configuration document: the JSON that
// [Parse] reads, its items being the application's own rules. An import checks the
// complete plan, saves it with save (nil: it is not saved), and makes it the current
// one; on an error of either the current plan remains.
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
