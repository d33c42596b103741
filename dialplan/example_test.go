package dialplan_test

import (
	"fmt"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/dialplan"
)

func Example() {
	config, _ := dialplan.Preset("FR")
	plan, err := dialplan.New(config)
	if err != nil {
		fmt.Println(err) // every mistake, with its path
		return
	}
	for _, number := range []string{"+33 (0)1 55 17 20 90", "+39 12334477", "4001", "112", "call me"} {
		dialled, err := plan.Outgoing(number)
		fmt.Println(dialled, err)
	}
	// Output:
	// 00155172090 <nil>
	// 0003912334477 <nil>
	// 4001 <nil>
	// 112 <nil>
	//  dialplan: "call me" cannot be dialled: nothing to dial
}

func ExamplePlan_Identify() {
	config, _ := dialplan.Preset("FR")
	config.Remove = "0" // this PBX presents external callers with the external prefix
	plan, err := dialplan.New(config)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(plan.Identify("00155172090"))
	fmt.Println(plan.Identify("4001"))
	fmt.Println(plan.Identify(""))
	// Output:
	// external 0155172090 +33155172090
	// internal 4001
	// anonymous
}

func ExamplePlan_Explain() {
	config, _ := dialplan.Preset("FR")
	config.Rules = []dialplan.Rule{{
		Name: "bracketed trunk", Priority: 30,
		Pattern: `[(\+|[-InternationalPrefix-])?(\d+)\(0\)]`, Value: "[-ExternalPrefix-][-InternationalPrefix-]$2",
	}}
	plan, err := dialplan.New(config)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, step := range plan.Explain("+42 (0) 141906666").Steps {
		fmt.Println(step)
	}
	// Output:
	// light form +42(0)141906666
	// strict form, without parentheses: +420141906666
	// rule bracketed trunk (Rules[0], priority 30), pattern [(\+|[-InternationalPrefix-])?(\d+)\(0\)], is the first that matches: it takes "+42(0)" of the light form +42(0)141906666, the rest is "141906666"
	// group 2 is "42"
	// value: [-ExternalPrefix-][-InternationalPrefix-] = "000", $2 = "42"
	// no further external prefix: the value places it
	// result 00042141906666
}

func ExamplePlan_Analyse() {
	config, _ := dialplan.Preset("FR")
	config.Rules = []dialplan.Rule{{Name: "paris", Priority: 55, Pattern: "+331", Value: "1"}}
	plan, err := dialplan.New(config)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, finding := range plan.Analyse() {
		if finding.Severity == ctikit.SeverityError {
			fmt.Println(finding)
		}
	}
	// Output:
	// error unreachable paris: transforms no number: earlier rules take every number that it matches: std+cc (for example +331)
}

func ExampleEquivalent() {
	config, _ := dialplan.Preset("FR")
	before, _ := dialplan.New(config)
	config.Rules = []dialplan.Rule{{Name: "Italy over the private network", Priority: 9, Pattern: "+39", Value: "739"}}
	after, err := dialplan.New(config)
	if err != nil {
		fmt.Println(err)
		return
	}
	c := dialplan.Equivalent(before, after)
	fmt.Println(c.Equal, c.Number, c.A, c.B, c.RuleB)
	// Output:
	// false +39 0039 739 Italy over the private network
}

func ExampleGenerate() {
	config, _ := dialplan.Preset("FR")
	rules, err := dialplan.Generate(config.Parameters, dialplan.Wish{
		Name: "direct numbers", Priority: 5, Start: "0155171", Length: 10, Keep: 4, AllForms: true,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, rule := range rules {
		fmt.Println(rule.Pattern, rule.Value, rule.MinLength, rule.Description)
	}
	// Output:
	// 0155171 1 10 numbers of 10 digits starting with 0155171 become their last 4 digits
	// +33155171 1 11 numbers of 11 digits starting with +33155171 become their last 4 digits
	// 0033155171 1 13 numbers of 13 digits starting with 0033155171 become their last 4 digits
}

func ExampleNewSpaces() {
	spaces, err := dialplan.NewSpaces(dialplan.SpacesProfile{
		OutsidePrefix: "9", CountryCode: "1", CityCode: []string{"303"}, LongDistancePrefix: "1", InternationalPrefix: "011",
		ExtensionLength: dialplan.Lengths{5}, NationalLength: dialplan.Lengths{10}, RemoveAreaCode: true, ApplyToPlusNumber: true,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	dialled, err := spaces.Outgoing("+44 20 7946 0000")
	fmt.Println(dialled, err)
	// Output:
	// 9011442079460000 <nil>
}

func ExampleParse() {
	_, err := dialplan.Parse([]byte(`{
		"InternationalPrefix": "00", "CountryPrefix": "33", "InternalLength": "four",
		"Rules": [
			{"Priority": 5, "Pattern": "[(\\d+)+#]", "Value": "1"},
			{"Priority": 6, "Pattern": "[0(\\d)]", "Value": "$10"}
		]}`))
	fmt.Println(err)
	// Output:
	// InternalLength: must be a whole number, got a string
	// Rules[0].Pattern: refused: on a number of 48 characters a match could take more than 100000 steps; repetitions that can share the same characters, as in (\d+)+ or \d*\d*\d*\d*\d*, multiply each other
	// Rules[1].Value: character 1: unknown group $10; write a group before a digit as ${1}0
}
