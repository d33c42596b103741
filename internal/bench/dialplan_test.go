package bench

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/nyaruka/phonenumbers"
	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit/dialplan"
)

const externalPrefix = "9"

// worldMetadata is what the phone-number library knows, by region.
func worldMetadata(t testing.TB) map[string]*phonenumbers.PhoneMetadata {
	collection, err := phonenumbers.MetadataCollection()
	require.NoError(t, err)
	regions := map[string]*phonenumbers.PhoneMetadata{}
	for _, m := range collection.GetMetadata() {
		if m.GetId() != "001" {
			regions[m.GetId()] = m
		}
	}
	require.Greater(t, len(regions), 200)
	return regions
}

// planFromMetadata configures a plan from what the library says about a region.
func planFromMetadata(t testing.TB, m *phonenumbers.PhoneMetadata) *dialplan.Plan {
	config := dialplan.Config{Parameters: dialplan.Parameters{
		InternationalPrefix: internationalPrefix(m), CountryPrefix: strconv.Itoa(int(m.GetCountryCode())),
		NationalPrefix: m.GetNationalPrefix(), ExternalPrefix: externalPrefix,
	}}
	for _, n := range m.GetGeneralDesc().GetPossibleLength() {
		if n <= 15 {
			config.NationalLength = append(config.NationalLength, int(n))
		}
	}
	config.NationalPrefixInNumbers = canBegin(t, m)
	config.Rules = trunkRules(m)
	plan, err := dialplan.New(config)
	require.NoError(t, err, m.GetId())
	return plan
}

// trunkRules says which numbers of a region are dialled without its trunk
// prefix, where the library's national formats have it for some and not for
// others (Israel: 03…, but 1919…).
func trunkRules(m *phonenumbers.PhoneMetadata) (rules []dialplan.Rule) {
	with := 0
	for i, format := range m.GetNumberFormat() {
		lead := ""
		if patterns := format.GetLeadingDigitsPattern(); len(patterns) > 0 {
			lead = "(?=" + patterns[len(patterns)-1] + ")"
		}
		value := "[-ExternalPrefix-]"
		if m.GetNationalPrefix() != "" && strings.Contains(format.GetNationalPrefixFormattingRule(), m.GetNationalPrefix()) {
			value += "[-NationalPrefix-]"
			with++
		}
		rules = append(rules, dialplan.Rule{
			Name: fmt.Sprintf("format-%d", i), Priority: 30, Value: value,
			Pattern: `[\+[-CountryPrefix-]` + lead + "(?=(?:" + format.GetPattern() + ")$)]",
		})
	}
	if with == 0 || with == len(rules) {
		return nil
	}
	return rules
}

// internationalPrefix gives the preferred prefix, or the first that the
// region's pattern accepts and that is not the beginning of another one, which
// names a carrier.
func internationalPrefix(m *phonenumbers.PhoneMetadata) string {
	if preferred := m.GetPreferredInternationalPrefix(); preferred != "" {
		return phonenumbers.NormalizeDigitsOnly(preferred)
	}
	accepts := regexp.MustCompile(`^(?:` + m.GetInternationalPrefix() + `)$`)
	var prefixes []string
	for digits, limit := 1, 10; digits <= 5; digits, limit = digits+1, limit*10 {
		for n := range limit {
			if prefix := fmt.Sprintf("%0*d", digits, n); accepts.MatchString(prefix) {
				prefixes = append(prefixes, prefix)
			}
		}
	}
	for _, prefix := range prefixes {
		if !slices.ContainsFunc(prefixes, func(other string) bool { return other != prefix && strings.HasPrefix(other, prefix) }) {
			return prefix
		}
	}
	return ""
}

// canBegin proves whether a national number can begin with the trunk prefix:
// then the rule of the prefix takes numbers from the rule of the numbers.
func canBegin(t testing.TB, m *phonenumbers.PhoneMetadata) bool {
	if m.GetNationalPrefix() == "" {
		return false
	}
	plan, err := dialplan.New(dialplan.Config{NoStandardRules: true, Rules: []dialplan.Rule{
		{Name: "prefix", Priority: 1, Pattern: m.GetNationalPrefix(), Value: "0"},
		{Name: "numbers", Priority: 2, Pattern: "[(?:" + m.GetGeneralDesc().GetNationalNumberPattern() + ")$]", Value: "0"},
	}})
	require.NoError(t, err, m.GetId())
	for _, f := range plan.Analyse() {
		if f.Rule == "numbers" && f.Code == "overlap" {
			return true
		}
	}
	return false
}

// examples are the library's example numbers of a region.
func examples(region string) (numbers []*phonenumbers.PhoneNumber) {
	for _, kind := range []phonenumbers.PhoneNumberType{
		phonenumbers.FIXED_LINE, phonenumbers.MOBILE, phonenumbers.TOLL_FREE, phonenumbers.PREMIUM_RATE, phonenumbers.SHARED_COST,
		phonenumbers.VOIP, phonenumbers.PERSONAL_NUMBER, phonenumbers.PAGER, phonenumbers.UAN, phonenumbers.VOICEMAIL,
	} {
		if n := phonenumbers.GetExampleNumberForType(region, kind); n != nil && !slices.ContainsFunc(numbers, same(n)) {
			numbers = append(numbers, n)
		}
	}
	return numbers
}

func same(a *phonenumbers.PhoneNumber) func(*phonenumbers.PhoneNumber) bool {
	return func(b *phonenumbers.PhoneNumber) bool {
		return a.GetCountryCode() == b.GetCountryCode() && phonenumbers.GetNationalSignificantNumber(a) == phonenumbers.GetNationalSignificantNumber(b)
	}
}

// readBack dials a number with a plan and has the library read the digits that
// the public network gets. why is "" where they are the same number.
func readBack(plan *dialplan.Plan, region string, number *phonenumbers.PhoneNumber) (digits, why string) {
	e164 := phonenumbers.Format(number, phonenumbers.E164)
	dialled, err := plan.Outgoing(e164)
	if err != nil {
		return "", err.Error()
	}
	digits, ok := strings.CutPrefix(dialled, externalPrefix)
	if !ok {
		return "", fmt.Sprintf("%s is dialled %s, without the external prefix", e164, dialled)
	}
	read, err := phonenumbers.Parse(digits, region)
	switch {
	case err != nil:
		return digits, fmt.Sprintf("%s is dialled %s, which the library does not read: %v", e164, digits, err)
	case !same(number)(read):
		return digits, fmt.Sprintf("%s is dialled %s, which the library reads as %s", e164, digits, phonenumbers.Format(read, phonenumbers.E164))
	}
	return digits, ""
}

// cause tells why the library misreads a foreign number dialled from a region,
// "" where that is not known. The one cause known is shown on each number: the
// library's own pattern takes more off the digits than the international prefix
// that it prefers for the region, because carriers have longer ones.
func cause(m *phonenumbers.PhoneMetadata, digits string) string {
	prefix := internationalPrefix(m)
	taken := regexp.MustCompile(`^(?:` + m.GetInternationalPrefix() + `)`).FindString(digits)
	if strings.HasPrefix(digits, prefix) && len(taken) > len(prefix) {
		return fmt.Sprintf("after %s, which it prefers, the library's pattern %s takes the first digit of the country code for a carrier's prefix", prefix, m.GetInternationalPrefix())
	}
	return ""
}

// carrierPrefix is a prefix of a carrier of the region, longer than the one
// that the library prefers; "" where there is none.
func carrierPrefix(m *phonenumbers.PhoneMetadata) string {
	accepts := regexp.MustCompile(`^(?:` + m.GetInternationalPrefix() + `)$`)
	for digit := range 10 {
		if prefix := internationalPrefix(m) + strconv.Itoa(digit); accepts.MatchString(prefix) {
			return prefix
		}
	}
	return ""
}

// TestReadBack is the proof by an independent library: whatever region the
// installation stands in, the numbers of the world come out as themselves. Each
// miss is listed with its cause; one without a known cause fails the test, as
// does one that is still missed with a prefix that the library cannot take for
// another.
func TestReadBack(t *testing.T) {
	regions := worldMetadata(t)
	names := slices.Sorted(maps.Keys(regions))
	var domestic, domesticMissed, international, internationalMissed int
	var abroad []*phonenumbers.PhoneNumber
	for _, region := range names {
		for _, kind := range []phonenumbers.PhoneNumberType{phonenumbers.FIXED_LINE, phonenumbers.MOBILE} {
			if n := phonenumbers.GetExampleNumberForType(region, kind); n != nil {
				abroad = append(abroad, n)
			}
		}
	}
	for _, region := range names {
		m := regions[region]
		plan := planFromMetadata(t, m)
		for _, number := range examples(region) {
			domestic++
			if _, why := readBack(plan, region, number); why != "" {
				domesticMissed++
				t.Errorf("domestic %s, no known cause: %s", region, why)
			}
		}
		causes := map[string][]*phonenumbers.PhoneNumber{}
		for _, number := range abroad {
			if number.GetCountryCode() == m.GetCountryCode() {
				continue
			}
			international++
			if digits, why := readBack(plan, region, number); why != "" {
				internationalMissed++
				found := cause(m, digits)
				require.NotEmpty(t, found, "international from %s, no known cause: %s", region, why)
				causes[found] = append(causes[found], number)
			}
		}
		for found, missed := range causes {
			t.Logf("international from %s: %d missed: %s: %s", region, len(missed), found, list(missed))
			config := plan.Config()
			config.InternationalPrefix = carrierPrefix(m)
			byCarrier, err := dialplan.New(config)
			require.NoError(t, err)
			for _, number := range missed {
				_, why := readBack(byCarrier, region, number)
				require.Empty(t, why, "with the prefix of a carrier, %s", config.InternationalPrefix)
			}
		}
	}
	t.Logf("%d regions; domestic: %d of %d numbers read back as themselves; international: %d of %d", len(names), domestic-domesticMissed, domestic, international-internationalMissed, international)
	require.LessOrEqual(t, float64(domesticMissed)/float64(domestic), 0.003)
	require.LessOrEqual(t, float64(internationalMissed)/float64(international), 0.004)
}

func list(numbers []*phonenumbers.PhoneNumber) string {
	var text []string
	for _, n := range numbers {
		text = append(text, phonenumbers.Format(n, phonenumbers.E164))
	}
	return strings.Join(text, " ")
}

// TestPresets compares the presets with what the library knows of the country,
// and has it read back what they dial.
func TestPresets(t *testing.T) {
	regions := worldMetadata(t)
	for _, code := range dialplan.Presets() {
		config, ok := dialplan.Preset(code)
		require.True(t, ok)
		region := code
		if code == "NANP" {
			region = "US"
		}
		m := regions[region]
		require.Equal(t, strconv.Itoa(int(m.GetCountryCode())), config.CountryPrefix, code)
		require.Equal(t, m.GetNationalPrefix(), config.NationalPrefix, code)
		require.Equal(t, canBegin(t, m) && code == "RU", config.NationalPrefixInNumbers, code)
		require.Regexp(t, `^(?:`+m.GetInternationalPrefix()+`)$`, config.InternationalPrefix, code)
		for _, number := range config.Emergency {
			if len(number) == 3 && phonenumbers.IsEmergencyNumber(number, region) {
				ok = false // at least one is known
			}
		}
		require.False(t, ok, "%s: the library knows none of %v as an emergency number", code, config.Emergency)

		config.ExternalPrefix = externalPrefix
		plan, err := dialplan.New(config)
		require.NoError(t, err)
		for _, kind := range []phonenumbers.PhoneNumberType{phonenumbers.FIXED_LINE, phonenumbers.MOBILE, phonenumbers.TOLL_FREE, phonenumbers.SHARED_COST} {
			if number := phonenumbers.GetExampleNumberForType(region, kind); number != nil {
				_, why := readBack(plan, region, number)
				require.Empty(t, why, code)
				national := phonenumbers.GetNationalSignificantNumber(number)
				if kind == phonenumbers.FIXED_LINE || kind == phonenumbers.MOBILE { // service numbers have lengths of their own
					require.Contains(t, config.NationalLength, len(national), "%s: %s", code, national)
				}
			}
		}
		for _, other := range []string{"FR", "US", "IT", "RU", "JP", "DE"} {
			if other != region {
				_, why := readBack(plan, region, phonenumbers.GetExampleNumber(other))
				require.Empty(t, why, "%s to %s", code, other)
			}
		}
	}
}
