package settings_test

import (
	"bytes"
	"testing"

	"github.com/ctikit/ctikit/provisioning/settings"
)

func BenchmarkParseTemplate(b *testing.B) {
	src := vector(b, template).Bytes()
	b.SetBytes(int64(len(src)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := settings.Parse("", src); err != nil {
			b.Fatal(err)
		}
	}
}

// The baseline: splitting the same bytes into lines.
func BenchmarkSplitTemplate(b *testing.B) {
	src := vector(b, template).Bytes()
	b.SetBytes(int64(len(src)))
	b.ReportAllocs()
	for b.Loop() {
		if lines := bytes.Split(src, []byte("\n")); len(lines) < 14_000 {
			b.Fatal(len(lines))
		}
	}
}

func BenchmarkEvaluateTemplate(b *testing.B) { evaluate(b, template, "J179") }
func BenchmarkEvaluateIPOffice(b *testing.B) { evaluate(b, ipoffice11, "acw") }

func evaluate(b *testing.B, name, model string) {
	f := vector(b, name)
	e := settings.Evaluation{Vars: map[string]string{"MODEL4": model, "GROUP": "1", "SIG_IN_USE": "SIP"}}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := e.Run(f); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkLintTemplate(b *testing.B) {
	f := vector(b, template)
	b.ReportAllocs()
	for b.Loop() {
		settings.Linter{}.Lint(f)
	}
}

func BenchmarkMergeTemplate(b *testing.B) {
	f := vector(b, template)
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := settings.Merge(f, f, f); err != nil {
			b.Fatal(err)
		}
	}
}
