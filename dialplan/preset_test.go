package dialplan_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/dialplan"
)

func TestPresets(t *testing.T) {
	require.Len(t, dialplan.Presets(), 12)
	for _, code := range dialplan.Presets() {
		config, ok := dialplan.Preset(code)
		require.True(t, ok)
		plan, err := dialplan.New(config)
		require.NoError(t, err, code)
		for _, finding := range plan.Analyse() {
			require.Less(t, finding.Severity, ctikit.SeverityError, "%s: %s", code, finding)
			require.NotContains(t, []dialplan.Code{dialplan.EmergencyUnlisted, dialplan.EmergencyPrefix, dialplan.EmergencyReached}, finding.Code, "%s: %s", code, finding)
		}
	}
	_, ok := dialplan.Preset("Atlantis")
	require.False(t, ok)
}

// Whatever the length of internal numbers, who dials the external prefix before an
// emergency number gets through, and no prefix is put in front of another.
func TestPresetEmergency(t *testing.T) {
	for _, code := range dialplan.Presets() {
		config, _ := dialplan.Preset(code)
		listed := config.Emergency
		for _, config.InternalLength = range []int{2, 3, 4, 5} {
			plan, err := dialplan.New(config)
			require.NoError(t, err)
			for _, number := range listed {
				for _, dialled := range []string{number, config.ExternalPrefix + number} {
					if strings.HasPrefix(number, config.ExternalPrefix) && dialled != number {
						continue // it has its prefix
					}
					got, err := plan.Outgoing(dialled)
					require.NoError(t, err)
					require.Equal(t, dialled, got, code)
				}
			}
		}
	}
	france, _ := dialplan.Preset("FR")
	require.Subset(t, france.Emergency, []string{"112", "0112", "18", "018", "116117", "0116117"})
	america, _ := dialplan.Preset("NANP")
	require.Equal(t, []string{"911", "9911", "988", "9988"}, america.Emergency)
}

func TestPresetNumbers(t *testing.T) {
	for _, test := range []struct{ country, number, dialled string }{
		{"France", "+33 (0)1 55 17 20 90", "00155172090"},
		{"Germany", "+49 (0)30 12345678", "003012345678"},
		{"Germany", "49123456", "049123456"}, // a local number
		{"Italy", "+39 06 1234567", "0061234567"},
		{"Italy", "+39 (0)6 1234567", "0061234567"},
		{"Spain", "+34 91 123 45 67", "0911234567"},
		{"United Kingdom", "+44 (0)20 7946 0000", "902079460000"},
		{"Switzerland", "+41 44 668 18 00", "00446681800"},
		{"Belgium", "+32 2 123 45 67", "0021234567"},
		{"North America", "+1 (212) 555-0123", "912125550123"},
		{"NANP", "+44 20 7946 0000", "9011442079460000"},
		{"NANP", "911", "911"},
		{"Russia", "+7 812 123-45-67", "988121234567"},
		{"Russia", "+7 495 123-45-67", "984951234567"},
		{"Russia", "+33 1 55 17 20 90", "981033155172090"},
		{"Brazil", "+55 11 91234-5678", "0011912345678"},
		{"Japan", "+81 3-1234-5678", "00312345678"},
		{"Australia", "+61 2 1234 5678", "00212345678"},
		{"Australia", "+61 1300 123 456", "01300123456"},
		{"au", "+1 212 555 0123", "0001112125550123"},
	} {
		config, ok := dialplan.Preset(test.country)
		require.True(t, ok)
		plan, err := dialplan.New(config)
		require.NoError(t, err)
		got, err := plan.Outgoing(test.number)
		require.NoError(t, err)
		require.Equal(t, test.dialled, got, "%s %s", test.country, test.number)
	}
}
