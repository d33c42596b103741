package bench

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/dlclark/regexp2/v2"
	"github.com/nyaruka/phonenumbers"
	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/dialplan"
)

const frenchNumber = "+33 1 55 17 20 90"

// frenchPlan has 12 rules in all; with more, direct numbers that become extensions.
func frenchPlan(t testing.TB, rules int) dialplan.Config {
	config, ok := dialplan.Preset("FR")
	require.True(t, ok)
	config.Rules = []dialplan.Rule{
		{Priority: 5, Pattern: "+331551718", Value: "18"},
		{Priority: 30, Pattern: `[(\+|[-InternationalPrefix-])?(\d+)\(0\)]`, Value: "[-ExternalPrefix-][-InternationalPrefix-]$2"},
	}
	for i := 0; len(config.Rules)+10 < rules; i++ {
		config.Rules = append(config.Rules, dialplan.Rule{Priority: 6, Pattern: fmt.Sprintf("+3314%06d", i*37), Value: fmt.Sprintf("4%03d", i%1000)})
	}
	return config
}

// contender dials frenchNumber in one way.
type contender struct {
	name string
	dial func() error
}

// contenders are the plan, its rules tried in turn with regexp2, and parsing
// and formatting with the phone-number library, which validates the number and
// knows all countries, and so does more.
func contenders(t testing.TB) (all []contender) {
	for _, rules := range []int{12, 1000} {
		config := frenchPlan(t, rules)
		plan, err := dialplan.New(config)
		require.NoError(t, err)
		dst := make([]byte, 0, 64)
		all = append(all, contender{fmt.Sprintf("plan/rules=%d", rules), func() error {
			_, err := plan.AppendOutgoing(dst, frenchNumber)
			return err
		}})
		turn := inTurn(config)
		all = append(all, contender{fmt.Sprintf("regexp2-in-turn/rules=%d", rules), func() error {
			if got := turn.outgoing(frenchNumber); got != "00155172090" {
				return errors.New(got)
			}
			return nil
		}})
	}
	return append(all, contender{"phonenumbers", func() error {
		number, err := phonenumbers.Parse(frenchNumber, "FR")
		phonenumbers.FormatOutOfCountryCallingNumber(number, "FR")
		return err
	}})
}

// BenchmarkDialPlan compares the contenders in one run; figures holds the ratios.
func BenchmarkDialPlan(b *testing.B) {
	for _, c := range contenders(b) {
		b.Run(c.name, func(b *testing.B) { best(b, c.dial) })
	}
}

// turns is the plan as it is usually written: its rules in a row, each an
// expression with a replacement.
type turns struct {
	drop  *strings.Replacer
	rules []turn
}

type turn struct {
	re    *regexp2.Regexp
	value string
}

func inTurn(c dialplan.Config) turns {
	t := turns{drop: strings.NewReplacer(" ", "", ".", "", "-", "", "(", "", ")", "")}
	fill := func(text string, escape func(string) string) string {
		return strings.NewReplacer(
			"[-InternationalPrefix-]", escape(c.InternationalPrefix), "[-CountryPrefix-]", escape(c.CountryPrefix),
			"[-NationalPrefix-]", escape(c.NationalPrefix), "[-ExternalPrefix-]", escape(c.ExternalPrefix)).Replace(text)
	}
	rules := append(dialplan.StandardRules(c.Parameters), c.Rules...)
	slices.SortStableFunc(rules, func(a, b dialplan.Rule) int { return a.Priority - b.Priority })
	for _, r := range rules {
		source := regexp2.Escape(fill(r.Pattern, strings.Clone))
		if strings.HasPrefix(r.Pattern, "[(") {
			source = fill(r.Pattern[1:len(r.Pattern)-1], regexp2.Escape)
		}
		t.rules = append(t.rules, turn{regexp2.MustCompile(`\A(?:` + source + `)`), fill(r.Value, strings.Clone)})
	}
	return t
}

func (t turns) outgoing(number string) string {
	number = t.drop.Replace(number)
	for _, r := range t.rules {
		if match, err := r.re.FindStringMatch(number); err == nil && match != nil {
			return r.value + number[match.RuneLength:]
		}
	}
	return number
}
