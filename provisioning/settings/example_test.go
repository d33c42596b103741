package settings_test

import (
	"fmt"
	"strings"

	"github.com/ctikit/ctikit/provisioning/settings"
)

const small = `IF $MODEL4 SEQ acw GOTO WINDOWS
SET COUNTRY UK
GOTO END
# WINDOWS
SET COUNTRY France
# END
`

// What a Windows client receives, and from which line.
func Example() {
	f, err := settings.Parse("46xxsettings.txt", []byte(small))
	if err != nil {
		fmt.Println(err)
		return
	}
	res, err := settings.Evaluation{Vars: map[string]string{"MODEL4": "acw"}}.Run(f)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, s := range res.Settings {
		fmt.Println(s.Position, s.Name, s.Value)
	}
	// Output: 46xxsettings.txt:5:1 COUNTRY France
}

// What each model receives, as a table for other programs.
func ExampleEvaluation_Matrix() {
	f, err := settings.Parse("46xxsettings.txt", []byte(small))
	if err != nil {
		fmt.Println(err)
		return
	}
	cases, err := f.Cases("MODEL4")
	if err != nil {
		fmt.Println(err)
		return
	}
	m, err := settings.Evaluation{}.Matrix(f, cases)
	if err != nil {
		fmt.Println(err)
		return
	}
	for row := range m.Rows() {
		fmt.Println(strings.Join(row, " | "))
	}
	// Output:
	// parameter | MODEL4=acw | MODEL4=(other)
	// COUNTRY | France | UK
}

func ExampleLinter() {
	f, err := settings.Parse("46xxspecials.txt", []byte("SET IPO_ADHOC_CONFERENCE_NAME Conf fa\nGOTO END\n"))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, finding := range (settings.Linter{}).Lint(f) {
		fmt.Println(finding)
	}
	// Output:
	// 46xxspecials.txt:1:35: blank-in-unquoted-value: a value with blanks needs quotes
	// 46xxspecials.txt:2:6: missing-label: no label END; the rest of the file is ignored
}

func ExampleMerge() {
	file := func(text string) *settings.File {
		f, _ := settings.Parse("46xxsettings.txt", []byte(text)) // within the limits every text parses
		return f
	}
	merged, conflicts, err := settings.Merge(
		file("## 2022\n## SET DSCPAUD 43\n"), // the vendor's old file
		file("## 2023\n## SET DSCPAUD 43\n"), // the new one
		file("## 2022\nSET DSCPAUD 46\n"),    // the old one as the site uses it
	)
	fmt.Print(merged)
	fmt.Println(conflicts, err)
	// Output:
	// ## 2023
	// SET DSCPAUD 46
	// [] <nil>
}

func ExampleBuilder() {
	var b settings.Builder
	b.Set("COUNTRY", "Saudi Arabia")
	b.Set("SIPDOMAIN", "example.com\nSET ADMIN_PASSWORD 1")
	_, err := b.Bytes()
	fmt.Println(err)
	// Output: line 2: SIPDOMAIN: contains the control character 0x0A
}
