package cti_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/cti"
)

func TestOperations(t *testing.T) {
	all := cti.FullCTI()
	require.Equal(t, all, cti.OperationsOf(all.List()...))
	for _, op := range all.List() {
		one := cti.OperationsOf(op)
		require.True(t, one.Has(op))
		require.Equal(t, []cti.Operation{op}, one.List())
		require.Equal(t, one, all.And(one))
		require.False(t, all.Minus(one).Has(op))
		require.Equal(t, all.Minus(one), all.Without(op))
		require.Equal(t, all, all.Without(op).With(op))
	}
	require.True(t, cti.Operations{}.IsEmpty())
	require.False(t, all.IsEmpty())
	require.False(t, all.Has(200), "there is no such operation")
	// Beyond one word: operation 100 is not known yet, but a set can hold it.
	far := cti.OperationsOf(100, cti.OpMakeCall)
	require.True(t, far.Has(100))
	require.Equal(t, cti.OperationsOf(cti.OpMakeCall), far.And(all))
	require.Equal(t, cti.OperationsOf(100), far.Minus(all))
	require.Equal(t, far, cti.OperationsOf(cti.OpMakeCall).With(100))
	require.Equal(t, cti.OperationsOf(100), far.And(cti.OperationsOf(99, 100, 127)))
	require.Equal(t, cti.OperationsOf(cti.OpMakeCall), far.Minus(cti.OperationsOf(100, 127)))
	require.Equal(t, cti.OperationsOf(cti.OpMakeCall), far.Without(100))
	require.False(t, far.Has(100-64), "another word")
	// Beyond both words there is nothing to hold.
	for _, o := range []cti.Operation{128, 200, 255} {
		require.True(t, cti.OperationsOf(o).IsEmpty())
		require.Equal(t, all, all.With(o))
		require.Equal(t, all, all.Without(o))
		require.False(t, far.Has(o))
	}
}

func TestOperationsAsJSON(t *testing.T) {
	set := cti.OperationsOf(cti.OpHoldCall, cti.OpMakeCall)
	text, err := json.Marshal(map[string]any{"can": set, "none": cti.Operations{}})
	require.NoError(t, err)
	require.JSONEq(t, `{"can":["make call","hold call"],"none":[]}`, string(text))
	var back cti.Operations
	require.NoError(t, json.Unmarshal([]byte(`["Hold call","make call"]`), &back))
	require.Equal(t, set, back)
	require.EqualError(t, json.Unmarshal([]byte(`["fly"]`), &back), `unknown operation "fly"`)
}
