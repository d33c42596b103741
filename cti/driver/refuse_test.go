package driver_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/driver"
)

// TestRefuse: what the capabilities do not name, and each field of call data.
func TestRefuse(t *testing.T) {
	c := driver.Capabilities{Operations: cti.OperationsOf(cti.OpMakeCall, cti.OpDeflectCall)}
	const noData = "this link carries no call data"
	for name, test := range map[string]struct {
		request driver.Request
		refused bool
		detail  string
	}{
		"possible":          {driver.Request{Op: cti.OpMakeCall, Number: "4002"}, false, ""},
		"account":           {driver.Request{Op: cti.OpMakeCall, Data: cti.CallData{Account: "17"}}, true, noData},
		"authorisation":     {driver.Request{Op: cti.OpMakeCall, Data: cti.CallData{Authorisation: ctikit.NewSecret("1")}}, true, noData},
		"correlator":        {driver.Request{Op: cti.OpDeflectCall, Data: cti.CallData{Correlator: "\x01"}}, true, noData},
		"user data":         {driver.Request{Op: cti.OpMakeCall, Data: cti.CallData{UserData: "u"}}, true, noData},
		"not named":         {driver.Request{Op: cti.OpHoldCall}, true, ""},
		"not named, data":   {driver.Request{Op: cti.OpHoldCall, Data: cti.CallData{Account: "17"}}, true, ""},
		"no operation":      {driver.Request{}, true, ""},
		"unknown operation": {driver.Request{Op: 120}, true, ""},
		"beyond any set":    {driver.Request{Op: 250}, true, ""},
		"supervise with Do": {driver.Request{Op: cti.OpSupervise}, true, ""},
	} {
		t.Run(name, func(t *testing.T) {
			r := test.request
			r.Connection.Device = "4001"
			err := c.Refuse(&r)
			if !test.refused {
				require.NoError(t, err)
				return
			}
			require.Equal(t, &cti.Error{Op: r.Op, Device: "4001", NotSent: true, Err: ctikit.ErrUnsupported, Detail: test.detail}, err)
			require.True(t, cti.SafeToRetry(err))
			r.Device = "4000"
			require.ErrorContains(t, c.Refuse(&r), " 4000", "who acts is named")
		})
	}
}

// ability is what a connector can do besides.
type ability interface{ Able() string }

type able struct {
	driver.Connector
	name string
}

func (a able) Able() string { return a.name }

// wrapping is a connector of the host around another.
type wrapping struct{ driver.Connector }

func (w wrapping) Unwrap() driver.Connector { return w.Connector }

// TestAs: an ability is found however deep it is wrapped, the outermost first.
func TestAs(t *testing.T) {
	deep := driver.Intercept(wrapping{driver.Intercept(able{name: "inner"}, nil)}, nil)
	found, ok := driver.As[ability](deep)
	require.True(t, ok)
	require.Equal(t, "inner", found.Able())
	found, ok = driver.As[ability](able{deep, "outer"})
	require.True(t, ok)
	require.Equal(t, "outer", found.Able())
	kind, ok := driver.As[able](deep)
	require.True(t, ok)
	require.Equal(t, "inner", kind.name)

	for name, c := range map[string]driver.Connector{
		"none":                nil,
		"unrelated":           &monitors{},
		"wrapped, unrelated":  driver.Intercept(wrapping{&monitors{}}, nil),
		"wrapped, nothing":    wrapping{},
		"hidden by no Unwrap": &monitors{Connector: able{name: "hidden"}},
	} {
		found, ok := driver.As[ability](c)
		require.False(t, ok, name)
		require.Nil(t, found, name)
	}
}
