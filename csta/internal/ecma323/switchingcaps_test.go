package ecma323_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/cti"
)

// TestSwitchingFunctionCaps: every service and event that has a place in the
// lists comes back, and the values beside them.
func TestSwitchingFunctionCaps(t *testing.T) {
	for edition := uint8(3); edition <= 6; edition++ {
		c := codec(edition)
		for _, op := range []message.Operation{message.GetSwitchingFunctionCaps, message.GetCSTAFeatures} {
			want := message.Capabilities{Services: message.Operations()}
			for k := cti.Bridged; k <= cti.Private; k++ {
				want.Events = append(want.Events, k)
			}
			want.Name, want.Linkage, want.StatusTimer, want.LocalView = message.Text("site"), message.BitsOf(2, 0),
				message.Some(int64(30)), true
			out, err := c.AppendResult(nil, 1, &message.Result{Op: op, Capabilities: &want})
			require.NoError(t, err)
			var m message.Message
			require.NoError(t, c.Decode(out, &m))
			require.Zero(t, m.Skipped)
			got := m.Result.Capabilities
			for _, service := range []message.Operation{message.MakeCall, message.SystemStatus, message.SnapshotCallData,
				message.SetForwarding, message.Escape,
				message.SwitchingFunctionCapsChanged, message.GetMessageWaitingIndicator, message.GenerateDigits,
				message.MonitorStart} {
				require.True(t, got.Has(service), service.String())
			}
			require.False(t, slices.Contains(got.Services, message.EventReport))
			require.True(t, got.Reports(cti.Delivered) && got.Reports(cti.Forwarding) && got.Reports(cti.Private))
			if op == message.GetSwitchingFunctionCaps {
				require.Equal(t, "site", got.Name.String())
				require.True(t, got.Linkage.Has(0))
				require.Equal(t, int64(30), got.StatusTimer.Value)
				require.True(t, got.LocalView)
			}
		}
	}
}
