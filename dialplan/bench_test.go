package dialplan_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/dialplan"
)

// manyRules is the French plan with n rules in all, most of them direct
// numbers that become extensions.
func manyRules(t testing.TB, n int) dialplan.Config {
	config := france(t).Config()
	for i := 0; len(config.Rules)+10 < n; i++ {
		config.Rules = append(config.Rules, dialplan.Rule{
			Name: fmt.Sprintf("ddi-%d", i), Priority: 6, Pattern: fmt.Sprintf("+3314%06d", i*37), Value: fmt.Sprintf("4%03d", i%1000),
		})
	}
	return config
}

// benchmarkNumbers: won by a literal rule, by the guide's expression, by none.
var benchmarkNumbers = []struct{ name, number string }{
	{"literal", "+33 1 55 17 20 90"},
	{"groups", "+42 (0) 141906666"},
	{"none", "01 55 17 20 90"},
}

func BenchmarkAppendOutgoing(b *testing.B) {
	for _, rules := range []int{12, 1000} {
		plan, err := dialplan.New(manyRules(b, rules))
		require.NoError(b, err)
		for _, n := range benchmarkNumbers {
			b.Run(fmt.Sprintf("rules=%d/%s", rules, n.name), func(b *testing.B) {
				b.ReportAllocs()
				dst := make([]byte, 0, 64)
				for b.Loop() {
					if _, err := plan.AppendOutgoing(dst, n.number); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

// BenchmarkReference tries the rules in turn with regexp2, as a baseline.
func BenchmarkReference(b *testing.B) {
	for _, rules := range []int{12, 1000} {
		ref := newReference(manyRules(b, rules))
		for _, n := range benchmarkNumbers {
			b.Run(fmt.Sprintf("rules=%d/%s", rules, n.name), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					for _, rule := range ref.rules {
						if ok, _ := rule.re.MatchString(n.number); ok {
							break
						}
					}
				}
			})
		}
	}
}

// BenchmarkReferenceOutgoing is the whole task by rules tried in turn: reduce
// the number, find the rule with regexp2, expand its value.
func BenchmarkReferenceOutgoing(b *testing.B) {
	for _, rules := range []int{12, 1000} {
		ref := newReference(manyRules(b, rules))
		for _, n := range benchmarkNumbers {
			b.Run(fmt.Sprintf("rules=%d/%s", rules, n.name), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					ref.outgoing(n.number)
				}
			})
		}
	}
}

func BenchmarkIncoming(b *testing.B) {
	plan := france(b)
	b.ReportAllocs()
	for b.Loop() {
		plan.Incoming("0155172090")
	}
}

func BenchmarkNew(b *testing.B) {
	expressions := manyRules(b, 1000)
	for i := range expressions.Rules {
		if r := &expressions.Rules[i]; r.Priority == 6 {
			r.Pattern = `[\` + r.Pattern + `(\d*)]`
		}
	}
	for name, config := range map[string]dialplan.Config{"rules=12": manyRules(b, 12), "rules=1000": manyRules(b, 1000), "expressions=1000": expressions} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := dialplan.New(config); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
