// Package demo is the demonstration that the gateway example gives when it is
// run without flags: scenes on a PBX network in memory, each a method that says
// what it shows and fails if it does not come about.
package demo

import (
	"context"
	"errors"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/cti/gateway"
	"github.com/ctikit/ctikit/examples/internal/report"
	"github.com/ctikit/ctikit/examples/internal/setup"
)

// Result is what -json prints.
type Result struct {
	PlanFindings ctikit.Problems `json:"planFindings"`
	Supervised   int             `json:"supervised"`
	Links        []report.Link   `json:"links"`
	Calls        []Call          `json:"calls"`
	Forward      string          `json:"forward"`
	Transfer     string          `json:"transfer"`
	Conference   string          `json:"conference"`
	SignIn       string          `json:"signIn"`
	Settings     map[string]int  `json:"settings"` // parameters by model
	Callback     string          `json:"callback"`
	Failover     Failover        `json:"failover"`
}

// Call is one that was made or taken.
type Call struct {
	Dialled string `json:"dialled"`
	Sent    string `json:"sent"`
	Name    string `json:"name"`
	State   string `json:"state"`
}

// Failover is what the loss of a link led to.
type Failover struct {
	LostLink     string `json:"lostLink"`
	Unsupervised int    `json:"unsupervised"`
	MovedByApply int    `json:"movedByApply"`
	Returned     int    `json:"returned"`
	Gaps         int    `json:"gaps"`
	Snapshots    int    `json:"snapshots"`
}

// demo is the stage.
type demo struct {
	*report.Report
	*setup.Settings
	result  Result
	pbx     *setup.Network
	gw      *gateway.Gateway
	watcher *watcher
	total   int // extensions that can be supervised
}

// Run plays the scenes with the configuration that is built in.
func Run(ctx context.Context, r *report.Report) (_ Result, err error) {
	d := &demo{Report: r, pbx: setup.NewNetwork()}
	defer d.pbx.Stop()
	if d.Settings, err = setup.Read("", d.pbx.Connect); err != nil {
		return d.result, err
	}
	if err := d.pbx.Start(d.File, d.CTI); err != nil {
		return d.result, err
	}
	if d.gw, err = gateway.New(d.CTI); err != nil {
		return d.result, err
	}
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- d.gw.Run(ctx) }()
	d.watcher = startWatcher(context.WithoutCancel(ctx), d.gw, d.Names)
	defer func() {
		cancel()
		err = errors.Join(err, <-ended)
		d.watcher.done.Wait()
	}()
	for _, scene := range []func(context.Context) error{
		d.showPlan, d.superviseAll, d.signInUser, d.callOutside, d.takeCall,
		d.transferCall, d.holdConference, d.forwardCalls, d.callVisitorBack,
		d.loseLink, d.raiseCapacity, d.restoreLink, d.showSettingsFiles, d.showSummary,
	} {
		if err := scene(ctx); err != nil {
			return d.result, err
		}
	}
	return d.result, nil
}
