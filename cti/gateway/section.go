package gateway

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/driver"
)

// SectionOptions are what [Gateway.Sections] needs of the host.
type SectionOptions struct {
	// Key seals the passwords, each for its link or extension only. With nil
	// "[redacted]" stands for them, and an import keeps those in use.
	Key *ctikit.Keyring
	// Connect makes the connector of a link that is new or whose settings
	// differ; it opens nothing. It brings what is no data: certificates, a Dial
	// function. Nil: an import can neither add such a link nor change one.
	Connect func(cti.Protocol, driver.LinkSettings) (driver.Connector, error)
	// Save, where not nil, keeps an imported configuration; when it fails the
	// one in use stays.
	Save func(context.Context, Config) error
}

// Sections gives the parts "links" and "extensions" of the configuration
// document. An import checks everything, has Save keep it, and applies it to
// the gateway as it runs: what the document does not change is not touched. A
// link whose settings are the same keeps its connector. A link's password that
// the document lacks is kept for the same address and user only, so that no
// document leads it elsewhere; an extension's is kept for the same number. Errors
// are [ctikit.Problems] with paths in the part ("[0].capacity", and "[0].address" where
// [Config.Validate] says "links[0].connector.addr"), [ctikit.ErrConflict] and
// [cti.ErrClosed].
//
// Other sections refer to the objects by the kinds "link", by name, and "extension",
// by number; their company is that of the configuration.
func (g *Gateway) Sections(o SectionOptions) []ctikit.Section {
	links := configPart[Link]{name: "links", kind: "link", gw: g, save: o.Save,
		id:     func(l Link) string { return l.Name },
		of:     func(c *Config) *[]Link { return &c.Links },
		encode: o.encodeLinks, decode: o.decodeLinks}
	extensions := configPart[cti.Extension]{name: "extensions", kind: "extension", gw: g, save: o.Save,
		id:     func(e cti.Extension) string { return string(e.Number) },
		of:     func(c *Config) *[]cti.Extension { return &c.Extensions },
		encode: o.encodeExtensions, decode: o.decodeExtensions}
	return []ctikit.Section{links.section(), extensions.section()}
}

// configPart is one list of the configuration as a section.
type configPart[T any] struct {
	name   string // of the section, and its path in Config
	kind   string // of the objects, for other sections
	id     func(T) string
	gw     *Gateway
	save   func(context.Context, Config) error
	of     func(*Config) *[]T
	encode func([]T) (json.RawMessage, error)
	decode func(data json.RawMessage, inUse []T) ([]T, error)

	// What was exported last: imported as it is, it puts back just that, with
	// the secrets that are not in it. So an import of several sections that
	// fails half-way can be undone.
	exported json.RawMessage
	was      []T
}

func (p *configPart[T]) section() ctikit.Section {
	return ctikit.Section{Name: p.name, Export: p.exportPart, Import: p.importPart, Kind: p.kind, Find: p.findObject}
}

func (p *configPart[T]) findObject(_ context.Context, id string) (company string, exists bool, err error) {
	cfg := p.gw.Config()
	if !slices.ContainsFunc(*p.of(&cfg), func(item T) bool { return p.id(item) == id }) {
		return "", false, nil
	}
	return cfg.Company, true, nil
}

func (p *configPart[T]) exportPart(context.Context) (json.RawMessage, int, error) {
	cfg := p.gw.Config()
	list := *p.of(&cfg)
	data, err := p.encode(list)
	if err != nil {
		return nil, 0, err
	}
	p.exported, p.was = bytes.Clone(data), list
	return data, len(list), nil
}

func (p *configPart[T]) importPart(ctx context.Context, in ctikit.Import) (int, error) {
	version := p.gw.Version()
	cfg := p.gw.Config()
	list := p.was
	if p.exported == nil || !bytes.Equal(in.Data, p.exported) {
		var err error
		if list, err = p.decode(in.Data, *p.of(&cfg)); err != nil {
			return 0, p.relativePaths(err, "")
		}
	}
	*p.of(&cfg) = list
	companies := make(map[string]string, len(list))
	for _, item := range list {
		companies[p.id(item)] = cfg.Company
	}
	in.Objects.Replace(p.kind, companies)
	if err := cfg.Validate(); err != nil || in.DryRun {
		return len(list), p.relativePaths(err, p.name)
	}
	if p.save != nil {
		if err := p.save(ctx, cfg); err != nil {
			return 0, fmt.Errorf("saving the configuration failed; the current one remains active: %w", err)
		}
	}
	_, err := p.gw.Apply(ctx, cfg, IfVersion(version))
	return len(list), err
}

// connectorAddress is the address of a link as its connector names it.
var connectorAddress = regexp.MustCompile(`^(\[\d+\]\.)connector\.addr$`)

// relativePaths gives problems the paths of the document, below the part. Those that
// are not below prefix are of the rest of the configuration: they become problems of
// the part as a whole, and their own paths stand in their messages.
func (p *configPart[T]) relativePaths(err error, prefix string) error {
	problems, ok := errors.AsType[ctikit.Problems](err)
	if !ok {
		return err
	}
	problems = slices.Clone(problems)
	for i := range problems {
		at := &problems[i]
		path, own := strings.CutPrefix(at.Path, prefix)
		if !own || path != "" && path[0] != '[' {
			at.Path, at.Message = "", at.String()
			continue
		}
		at.Path = connectorAddress.ReplaceAllString(path, "${1}address")
	}
	return problems
}

// sealPassword is a password as it stands in the document.
func (o SectionOptions) sealPassword(s ctikit.Secret, b ctikit.Binding) (string, error) {
	if o.Key == nil {
		return s.String(), nil // "[redacted]", or nothing where there is none
	}
	return o.Key.Seal(s, b)
}

// openPassword is a password of the document. One that is left out or redacted is the
// one in use.
func (o SectionOptions) openPassword(text string, b ctikit.Binding, inUse ctikit.Secret) (ctikit.Secret, error) {
	switch {
	case text == "" || text == ctikit.Redacted && !inUse.IsZero():
		return inUse, nil
	case text == ctikit.Redacted:
		return ctikit.Secret{}, ctikit.ErrRedacted
	case !ctikit.IsSealed(text):
		return ctikit.NewSecret(text), nil
	case o.Key == nil:
		return ctikit.Secret{}, fmt.Errorf("%w: no seal key", ctikit.ErrSealed)
	}
	return o.Key.Open(text, b)
}
