package dialplan_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/dialplan"
)

func TestDialled(t *testing.T) {
	plan, err := dialplan.New(dialplan.Config{Parameters: dialplan.Parameters{
		InternationalPrefix: "00", CountryPrefix: "33", NationalPrefix: "0", ExternalPrefix: "0",
		InternalLength: 4, ReverseInternalLength: 4, NationalLength: dialplan.Lengths{9},
	}})
	require.NoError(t, err)
	for _, test := range []struct {
		number, lookup, e164 string
		internal             bool
	}{
		{"00123456789", "0123456789", "+33123456789", false},    // a national number behind the prefix
		{"0004930901820", "004930901820", "+4930901820", false}, // an international one
		{"4001", "4001", "", true},
		{"+33123456789", "+33123456789", "+33123456789", false},
		{"", "", "", false},
		{"anonymous", "", "", false},
	} {
		lookup, e164, internal := plan.Dialled(test.number)
		require.Equal(t, []any{test.lookup, test.e164, test.internal}, []any{lookup, e164, internal}, "%q", test.number)
	}
	// What Outgoing makes of a number leads back to the number.
	for _, number := range []string{"+33 (0)1 23 45 67 89", "+49 30 901820", "+1 212 555 0123"} {
		sent, err := plan.Outgoing(number)
		require.NoError(t, err)
		_, want, _ := plan.Incoming(number)
		_, e164, _ := plan.Dialled(sent)
		if number[:3] != "+33" { // (0) is no part of E.164
			require.Equal(t, want, e164, number)
		} else {
			require.Equal(t, "+33123456789", e164)
		}
	}
}
