package directory

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/ctikit/ctikit"
)

// Document is the configuration of an installation as one JSON text, assembled
// from the sections of every package (TWP guide 2.3).
//
//	doc := directory.Document{Sections: slices.Concat(registry.Sections(), authSections, ctiSections)}
//	report, err := doc.Export(ctx, file)
//	report, err = doc.Import(ctx, file, directory.ImportOptions{Confirm: true})
type Document struct {
	// Sections are given in any order, each name once. They are exported and
	// imported in the order of TWP guide 2.3.2: sections that others refer to first.
	Sections []ctikit.Section
}

// sectionOrder is the order of the steps (TWP guide 2.3.2). Sections that it does
// not name come last, in the order given.
var sectionOrder = []string{
	"companies", "domains", "links", "extensions", "dialplans", "directories", "groups", "users",
	"imports", "accounts", "parameters", "authorizations", "contacts", "contact lists", "rules",
}

// DocumentVersion is the version of the document's own format.
const DocumentVersion = 1

const documentFormat = "ctikit configuration"

type documentFile struct {
	Format   string            `json:"format"`
	Version  int               `json:"version"`
	Made     time.Time         `json:"made"`
	Sections []documentSection `json:"sections"`
}

type documentSection struct {
	Name  string          `json:"name"`
	Items int             `json:"items"`
	Data  json.RawMessage `json:"data"`
}

// Steps is the report of an export or import, one step per section.
type Steps struct {
	DryRun   bool
	Steps    []Step
	Restored bool // an import failed part-way and the previous data were restored
}

// Step is one section.
type Step struct {
	Verb  string // "Exporting", "Checking", "Creating"
	Name  string
	Items int
	Err   error
}

// userData are the sections that the old tool reported after the configuration,
// count first.
var userData = []string{"contact lists", "rules"}

// String frames the steps as the old tool did, one line each (TWP guide 2.3.2).
func (s Steps) String() string {
	var b strings.Builder
	b.WriteString("-------------  START --------------\nInitialization... done\n")
	importing := false
	for _, st := range s.Steps {
		user := st.Verb == creating && slices.Contains(userData, st.Name)
		if user && !importing {
			b.WriteString("Importing user data...\n")
			importing = true
		}
		switch {
		case st.Err != nil:
			fmt.Fprintf(&b, "%s %s... failed: %v\n", st.Verb, st.Name, st.Err)
		case user:
			fmt.Fprintf(&b, "%d %s done\n", st.Items, st.Name)
		default:
			fmt.Fprintf(&b, "%s %s... %d done\n", st.Verb, st.Name, st.Items)
		}
	}
	if s.Restored {
		b.WriteString("Restoring the existing data... done\n")
	}
	b.WriteString("--------------  END ---------------\n")
	return b.String()
}

// Verbs of steps.
const (
	exporting = "Exporting"
	checking  = "Checking"
	creating  = "Creating"
)

func (d *Document) sortSections() ([]ctikit.Section, error) {
	out := slices.Clone(d.Sections)
	rank := func(s ctikit.Section) int {
		if i := slices.Index(sectionOrder, s.Name); i >= 0 {
			return i
		}
		return len(sectionOrder)
	}
	slices.SortStableFunc(out, func(a, b ctikit.Section) int { return rank(a) - rank(b) })
	seen := map[string]bool{}
	for _, s := range out {
		if s.Name == "" || s.Export == nil || s.Import == nil || seen[s.Name] {
			return nil, fmt.Errorf("configuration document: section %q is incomplete or duplicated", s.Name)
		}
		seen[s.Name] = true
	}
	return out, nil
}

// Export writes the document. Secrets are omitted or sealed by the sections. The error
// is that of a section, after its name, or of w.
func (d *Document) Export(ctx context.Context, w io.Writer) (Steps, error) {
	sections, err := d.sortSections()
	if err != nil {
		return Steps{}, err
	}
	file, steps, err := exportSections(ctx, sections)
	if err != nil {
		return steps, fmt.Errorf("export configuration: %w", err)
	}
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	if err := enc.Encode(file); err != nil {
		return steps, fmt.Errorf("export configuration: %w", err)
	}
	return steps, nil
}

func exportSections(ctx context.Context, sections []ctikit.Section) (documentFile, Steps, error) {
	file := documentFile{Format: documentFormat, Version: DocumentVersion, Made: time.Now().UTC()}
	var steps Steps
	for _, s := range sections {
		data, n, err := s.Export(ctx)
		steps.Steps = append(steps.Steps, Step{Verb: exporting, Name: s.Name, Items: n, Err: err})
		if err != nil {
			return file, steps, fmt.Errorf("%s: %w", s.Name, err)
		}
		file.Sections = append(file.Sections, documentSection{s.Name, n, data})
	}
	return file, steps, nil
}

// ImportOptions select what an import does. One of them must be set.
type ImportOptions struct {
	DryRun  bool // check everything, change nothing
	Confirm bool // replace the existing data
}

// ErrNotConfirmed reports an import that would replace the configuration
// without [ImportOptions.Confirm]. Nothing was changed.
var ErrNotConfirmed = errors.New("the import replaces existing data; set Confirm, or DryRun for a preview")

// MaxDocument is the maximum size of a document in bytes.
const MaxDocument = 1 << 30

// Import replaces the sections that the document has; the others are unchanged.
// First every section is checked completely, after all have told what they bring, so
// that they may refer to each other in any order; then they are replaced one by one; if
// one fails, those replaced before are restored.
//
// If the document or a section is invalid, the error is a [ctikit.Problems] with the
// problems of all sections, each path after the section's name:
// "users[0].value.login"; nothing has changed. It wraps [ctikit.ErrCrossCompany] and
// [*Taken] where objects refer to another company or claim a used name. Other errors
// are [ErrNotConfirmed], those of ctx and r, and the first of a section that does
// not wrap [ctikit.ErrInvalid], after the section's name: a store that cannot be read.
func (d *Document) Import(ctx context.Context, r io.Reader, opts ImportOptions) (Steps, error) {
	steps, err := d.importSections(ctx, r, opts)
	if err != nil {
		return steps, fmt.Errorf("import configuration: %w", err)
	}
	return steps, nil
}

func (d *Document) importSections(ctx context.Context, r io.Reader, opts ImportOptions) (Steps, error) {
	steps := Steps{DryRun: opts.DryRun}
	if !opts.DryRun && !opts.Confirm {
		return steps, ErrNotConfirmed
	}
	sections, data, err := d.readSections(r)
	if err != nil {
		return steps, err
	}
	objects := d.objectsAfter(ctx, sections, func(i int) json.RawMessage { return data[sections[i].Name] })
	var ps ctikit.Problems
	for _, s := range sections {
		n, err := s.Import(ctx, ctikit.Import{Data: data[s.Name], DryRun: true, Objects: objects})
		steps.Steps = append(steps.Steps, Step{Verb: checking, Name: s.Name, Items: n, Err: err})
		if err != nil && (ctx.Err() != nil || !errors.Is(err, ctikit.ErrInvalid)) {
			return steps, fmt.Errorf("%s: %w", s.Name, err)
		}
		ps.AddUnder(s.Name, err)
	}
	if err := ps.Err(); err != nil || opts.DryRun {
		return steps, err
	}
	before, _, err := exportSections(ctx, sections)
	if err != nil {
		return steps, fmt.Errorf("cannot back up the existing data: %w", err)
	}
	for i, s := range sections {
		n, err := s.Import(ctx, ctikit.Import{Data: data[s.Name], Objects: objects})
		steps.Steps = append(steps.Steps, Step{Verb: creating, Name: s.Name, Items: n, Err: err})
		if err != nil {
			var ps ctikit.Problems
			if ps.AddUnder(s.Name, err); errors.Is(err, ctikit.ErrInvalid) {
				err = ps
			} else {
				err = fmt.Errorf("%s: %w", s.Name, err)
			}
			steps.Restored, err = d.restoreSections(ctx, sections[:i], before, err)
			return steps, err
		}
	}
	return steps, nil
}

// objectsAfter has every section report what it brings, so that the checks of each
// know it, whatever the order. Problems are left to those checks.
func (d *Document) objectsAfter(
	ctx context.Context, sections []ctikit.Section, data func(i int) json.RawMessage,
) *ctikit.Objects {
	objects := ctikit.NewObjects(ctx, d.Sections)
	for i, s := range sections {
		if ctx.Err() != nil {
			break
		}
		_, _ = s.Import(ctx, ctikit.Import{Data: data(i), DryRun: true, Objects: objects})
	}
	return objects
}

// restoreSections puts back what was replaced.
func (d *Document) restoreSections(
	ctx context.Context, sections []ctikit.Section, before documentFile, cause error,
) (bool, error) {
	ctx = context.WithoutCancel(ctx)
	objects := d.objectsAfter(ctx, sections, func(i int) json.RawMessage { return before.Sections[i].Data })
	for i, s := range sections {
		if _, err := s.Import(ctx, ctikit.Import{Data: before.Sections[i].Data, Objects: objects}); err != nil {
			return false, fmt.Errorf("%w; restoring %s failed: %w", cause, s.Name, err)
		}
	}
	return true, cause
}

// readSections decodes a document and returns the sections that it has, in order.
func (d *Document) readSections(r io.Reader) ([]ctikit.Section, map[string]json.RawMessage, error) {
	sections, err := d.sortSections()
	if err != nil {
		return nil, nil, err
	}
	limited := &io.LimitedReader{R: r, N: MaxDocument + 1}
	dec := json.NewDecoder(limited)
	dec.DisallowUnknownFields()
	var file documentFile
	if err := dec.Decode(&file); err != nil {
		if limited.N <= 0 {
			err = fmt.Errorf("must be at most %d bytes", MaxDocument)
		}
		return nil, nil, fmt.Errorf("not a configuration document: %w", err)
	}
	var ps ctikit.Problems
	if file.Format != documentFormat {
		ps.Add("format", "must be %q, got %.80q", documentFormat, file.Format)
	}
	if file.Version != DocumentVersion {
		ps.Add("version", "must be %d, got %d", DocumentVersion, file.Version)
	}
	data := map[string]json.RawMessage{}
	for i, s := range file.Sections {
		if data[s.Name] != nil {
			ps.Add(fmt.Sprintf("sections[%d].name", i), "duplicate %.80q", s.Name)
		}
		if !slices.ContainsFunc(sections, func(k ctikit.Section) bool { return k.Name == s.Name }) {
			ps.Add(fmt.Sprintf("sections[%d].name", i), "unknown section %.80q", s.Name)
		}
		data[s.Name] = s.Data
	}
	sections = slices.DeleteFunc(sections, func(s ctikit.Section) bool { return data[s.Name] == nil })
	return sections, data, ps.Err()
}
