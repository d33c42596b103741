package forwardrules

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/internal/testenv"
)

// situation is rules by device, as short as a test wants to write them.
func newSituation(t *testing.T, rules map[cti.DeviceID][]Rule) situation {
	s := situation{rules: map[cti.DeviceID][]rule{}, inForce: map[edge]cti.DeviceID{}, foreign: map[cti.DeviceID][]cti.Forward{},
		dial: func(to string) cti.DeviceID { return cti.DeviceID(to) }}
	for device, list := range rules {
		for i := range list {
			if list[i].Name == "" {
				list[i].Name = fmt.Sprint("r", i)
			}
		}
		c, err := validateRules(device, list)
		require.NoError(t, err)
		s.rules[device] = c
	}
	return s
}

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// decided is what [decide] gives to the PBX at noon.
func decided(s situation) (map[edge]choice, []conflict) {
	d := decide(s, noon)
	return d.chosen, d.conflicts
}

// set is what the PBX is to be set to for a device.
func set(device cti.DeviceID, chosen map[edge]choice) map[key]cti.Forward {
	out := map[key]cti.Forward{}
	for k, c := range mergeChoices(device, chosen) {
		out[k] = k.forwardTo(c.rule.To)
	}
	return out
}

func TestPriorityAndOrigin(t *testing.T) {
	s := newSituation(t, map[cti.DeviceID][]Rule{"1": {
		{Priority: 5, To: "9"},
		{Priority: 1, To: "8", Origin: cti.ExternalCalls},
		{Priority: 0, To: "7", Disabled: true},
		{Priority: 0, To: "6", Calendar: Calendar{From: Date{2030, 1, 1}}},
		{Priority: 9, To: "5", Type: cti.ForwardBusy},
		{Priority: 10, To: "4", Type: cti.ForwardBusy, Origin: cti.InternalCalls},
	}})
	chosen, conflicts := decided(s)
	require.Empty(t, conflicts)
	require.Equal(t, map[key]cti.Forward{
		{cti.ForwardImmediate, cti.InternalCalls}: {Active: true, Origin: cti.InternalCalls, To: "9"},
		{cti.ForwardImmediate, cti.ExternalCalls}: {Active: true, Origin: cti.ExternalCalls, To: "8"},
		{cti.ForwardBusy, cti.AllCalls}:           {Active: true, Type: cti.ForwardBusy, To: "5"},
	}, set("1", chosen))
}

func TestReciprocalForwardIsNotCarriedOut(t *testing.T) {
	s := newSituation(t, map[cti.DeviceID][]Rule{
		"1": {{To: "2"}, {Priority: 1, To: "3"}},
		"2": {{To: "1"}},
		"3": {{To: "4", Type: cti.ForwardNoAnswer}},
		"4": {{To: "1", Type: cti.ForwardBusy, Origin: cti.ExternalCalls}},
	})
	chosen, conflicts := decided(s)
	require.Equal(t, cti.Forward{Active: true, To: "2"}, set("1", chosen)[key{}])
	require.Empty(t, set("2", chosen))
	require.Len(t, conflicts, 2, "for internal and external calls")
	require.NotEmpty(t, set("4", chosen), "3 is not reached from 1 now")

	s.inForce[edge{"2", cti.InternalCalls, 0}], s.inForce[edge{"2", cti.ExternalCalls, 0}] = "1", "1"
	chosen, conflicts = decided(s)
	require.Equal(t, cti.Forward{Active: true, To: "1"}, set("2", chosen)[key{}], "what is in force stays")
	require.Equal(t, cti.Forward{Active: true, To: "3"}, set("1", chosen)[key{}], "the next rule applies")
	require.Equal(t, map[key]cti.Forward{}, set("4", chosen), "round three corners")
	require.Len(t, conflicts, 3)
}

func TestForwardsSetByHandCount(t *testing.T) {
	s := newSituation(t, map[cti.DeviceID][]Rule{"1": {{To: "2"}}})
	s.foreign["2"] = []cti.Forward{{Active: true, To: "1", Origin: cti.ExternalCalls}, {To: "1", Type: cti.ForwardBusy}}
	chosen, conflicts := decided(s)
	require.Equal(t, map[key]cti.Forward{{0, cti.InternalCalls}: {Active: true, Origin: cti.InternalCalls, To: "2"}}, set("1", chosen))
	require.Len(t, conflicts, 1)
}

// TestNoCallComesBack follows every call through random forwards.
func TestNoCallComesBack(t *testing.T) {
	r := testenv.Rand(t)
	circles := 0
	for range 2000 {
		rules := map[cti.DeviceID][]Rule{}
		for i := range 5 {
			device := cti.DeviceID(fmt.Sprint(i))
			for range r.IntN(4) {
				rules[device] = append(rules[device], Rule{Priority: r.IntN(3), To: fmt.Sprint((i + 1 + r.IntN(4)) % 5),
					Type: cti.ForwardType(r.IntN(3)), Origin: cti.Origin(r.IntN(3))})
			}
		}
		s := newSituation(t, rules)
		if r.IntN(2) == 0 {
			s.foreign["7"] = []cti.Forward{{Active: true, To: "0"}}
		}
		chosen, conflicts := decided(s)
		circles += len(conflicts)
		var walk func(at cti.DeviceID, class cti.Origin, been []cti.DeviceID)
		walk = func(at cti.DeviceID, class cti.Origin, been []cti.DeviceID) {
			require.NotContains(t, been, at, "%+v", rules)
			been = append(been[:len(been):len(been)], at)
			for _, kind := range types {
				if c, ok := chosen[edge{at, class, kind}]; ok {
					walk(c.to, class, been)
				}
			}
		}
		for device := range rules {
			for _, class := range classes {
				walk(device, class, nil)
			}
		}
		for _, c := range conflicts { // each was refused for a reason
			g := graph{}
			for e, ch := range chosen {
				g.addEdge(e, ch.to)
			}
			require.True(t, g.leadsTo(cti.DeviceID(c.rule.To), c.from, c.class, nil))
		}
	}
	require.NotZero(t, circles)
}

// TestNoDeflectedCallComesBack follows callers through random forwards and
// deflections, of which each is taken as [ringingCall.chooseDeflection] takes it.
func TestNoDeflectedCallComesBack(t *testing.T) {
	r := testenv.Rand(t)
	deflected, refused := 0, 0
	for range 1000 {
		rules := map[cti.DeviceID][]Rule{}
		for i := range 5 {
			device := cti.DeviceID(fmt.Sprint(i))
			for range r.IntN(4) {
				rule := Rule{Priority: r.IntN(3), To: fmt.Sprint((i + 1 + r.IntN(4)) % 5), Type: cti.ForwardType(r.IntN(3)), Origin: cti.Origin(r.IntN(3))}
				if r.IntN(2) == 0 {
					rule.Callers = []string{[]string{"06*", "*7", "withheld"}[r.IntN(3)]}
				}
				rules[device] = append(rules[device], rule)
			}
		}
		d := decide(newSituation(t, rules), noon)
		for _, c := range []caller{{class: cti.ExternalCalls, forms: []string{"0612"}}, {class: cti.ExternalCalls, forms: []string{"067"}},
			{class: cti.InternalCalls, forms: []string{"17"}}, {class: cti.ExternalCalls, withheld: true}} {
			var walk func(at cti.DeviceID, been []cti.DeviceID)
			walk = func(at cti.DeviceID, been []cti.DeviceID) {
				require.NotContains(t, been, at, "%+v for %+v", rules, c)
				been = append(been[:len(been):len(been)], at)
				for _, kind := range types {
					e := edge{at, c.class, kind}
					if ch, ok := d.chosen[e]; ok {
						walk(ch.to, been)
					}
					for _, rule := range d.deflected[e] {
						if !rule.acceptsCaller(c) {
							continue
						}
						if d.canComeBack(d.dial(rule.To), at, c) {
							refused++
							continue
						}
						deflected++
						walk(d.dial(rule.To), been)
						break
					}
				}
			}
			for device := range rules {
				walk(device, nil)
			}
		}
	}
	require.NotZero(t, deflected)
	require.NotZero(t, refused)
}

func TestWhichTypesApplyToARingingCall(t *testing.T) {
	m := staffed(t, "1")
	require.NoError(t, m.SetRules("1", []Rule{
		{Name: "dnd", Type: cti.ForwardDoNotDisturb, To: "2", Callers: []string{"*"}},
		{Name: "busy", Type: cti.ForwardBusy, To: "3", Callers: []string{"*"}},
		{Name: "slow", Type: cti.ForwardNoAnswer, To: "4", Callers: []string{"*"}, Rings: 600},
	}))
	s, _ := m.collectSituation()
	m.decided = decide(s, noon)
	call := ringingCall{manager: m, device: "1", caller: caller{class: cti.ExternalCalls, forms: []string{"06"}}, since: time.Now()}
	name := func() string {
		r, wait := call.chooseDeflection()
		if r == nil {
			require.Positive(t, wait)
			return ""
		}
		return r.Name
	}
	require.Empty(t, name())
	call.busy = true
	require.Equal(t, "busy", name())
	call.disturbs = true
	require.Equal(t, "dnd", name())
	call.busy, call.disturbs, call.since = false, false, time.Now().Add(-time.Hour)
	require.Equal(t, "slow", name())
}

// BenchmarkDecide is one decision for 10,000 extensions with three rules each.
func BenchmarkDecide(b *testing.B) {
	s := situation{rules: map[cti.DeviceID][]rule{}, dial: func(to string) cti.DeviceID { return cti.DeviceID(to) }}
	for i := range 10000 {
		device, leader := cti.DeviceID(fmt.Sprint(10000+i)), fmt.Sprint(20000+i/100) // of a hundred
		list, err := validateRules(device, []Rule{
			{Name: "evening", To: "0612345678", Origin: cti.ExternalCalls, Calendar: Calendar{Weekly: []Period{{Days: WorkDays(), From: At(8, 0), To: At(18, 0)}}}},
			{Name: "busy", Type: cti.ForwardBusy, To: leader},
			{Name: "friends", Type: cti.ForwardNoAnswer, To: "0611111111", Callers: []string{"06*", "07*"}},
		})
		require.NoError(b, err)
		s.rules[device] = list
	}
	b.ReportAllocs()
	for b.Loop() {
		decide(s, noon)
	}
}
