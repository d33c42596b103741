package gateway

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/cti"
	"github.com/ctikit/ctikit/cti/driver"
	"github.com/ctikit/ctikit/internal/strictjson"
)

// linkData is a link in the configuration document.
type linkData struct {
	Name        string        `json:"name"`
	Protocol    cti.Protocol  `json:"protocol"`
	Location    cti.Location  `json:"location,omitzero"`
	Serves      []cti.Pattern `json:"serves,omitempty"`
	Capacity    int           `json:"capacity"`
	MaxInFlight int           `json:"maxInFlight,omitempty"`
	StartRate   int           `json:"startRate,omitempty"`
	driver.LinkSettings
	Password string `json:"password,omitempty"`
}

// binding is what the sealed password of a link is bound to.
func (d linkData) binding() ctikit.Binding {
	host, port, err := net.SplitHostPort(d.Address)
	if err != nil {
		host = d.Address
	}
	security := "none"
	if d.TLS {
		security = "tls"
	}
	return ctikit.Binding{Kind: ctikit.BindLink, ID: d.Name, Protocol: d.Protocol.String(), Host: host, Port: port,
		Security: security, User: d.User}
}

func (o SectionOptions) encodeLinks(links []Link) (json.RawMessage, error) {
	out := make([]linkData, 0, len(links))
	for i, l := range links {
		describer, ok := driver.As[driver.Describer](l.Connector)
		if !ok {
			return nil, fmt.Errorf("[%d] %q: cannot export: connector %T does not implement driver.Describer", i, l.Name,
				l.Connector)
		}
		d := linkData{Name: l.Name, Protocol: l.Connector.Protocol(), Location: l.Location, Serves: l.Serves,
			Capacity: l.Capacity, MaxInFlight: l.MaxInFlight, StartRate: l.StartRate, LinkSettings: describer.Settings()}
		var err error
		if d.Password, err = o.sealPassword(d.LinkSettings.Password, d.binding()); err != nil {
			return nil, fmt.Errorf("[%d].password: %w", i, err)
		}
		out = append(out, d)
	}
	return json.Marshal(out)
}

func (o SectionOptions) decodeLinks(data json.RawMessage, inUse []Link) ([]Link, error) {
	var in []linkData
	if err := strictjson.Decode(data, &in); err != nil {
		return nil, err
	}
	old := make(map[string]Link, len(inUse))
	for _, l := range inUse {
		old[l.Name] = l
	}
	var ps ctikit.Problems
	out := make([]Link, len(in))
	for i, d := range in {
		out[i] = Link{Name: d.Name, Location: d.Location, Serves: d.Serves, Capacity: d.Capacity,
			MaxInFlight: d.MaxInFlight, StartRate: d.StartRate}
		out[i].Connector = o.connectorFor(&ps, fmt.Sprintf("[%d].", i), d, old[d.Name].Connector)
	}
	return out, ps.Err()
}

// connectorFor is the one in use where the settings are the same, else a new one.
func (o SectionOptions) connectorFor(ps *ctikit.Problems, path string, d linkData,
	inUse driver.Connector) driver.Connector {
	was := settingsOf(inUse)
	kept := was.Password
	if elsewhere := was.Address != d.Address || was.User != d.User; elsewhere {
		kept = ctikit.Secret{} // goes nowhere else
	}
	var err error
	if d.LinkSettings.Password, err = o.openPassword(d.Password, d.binding(), kept); err != nil {
		ps.AddUnder(path+"password", err)
		return nil
	}
	if inUse != nil && inUse.Protocol() == d.Protocol && sameSettings(was, d.LinkSettings) {
		return inUse
	}
	c, err := o.createConnector(d)
	if err != nil {
		ps.AddUnder(path+"connector", err)
	}
	return c
}

func (o SectionOptions) createConnector(d linkData) (driver.Connector, error) {
	if o.Connect == nil {
		return nil, errors.New("cannot create a connector for a new or changed link: SectionOptions.Connect is not set")
	}
	c, err := o.Connect(d.Protocol, d.LinkSettings)
	switch {
	case err != nil:
		return nil, err
	case c == nil:
		return nil, errors.New("SectionOptions.Connect returned no connector")
	case c.Protocol() != d.Protocol:
		return nil, fmt.Errorf("SectionOptions.Connect returned a %v connector, want %v", c.Protocol(), d.Protocol)
	case d.TLS && !settingsOf(c).TLS:
		return nil, errors.New("the document requires TLS, but SectionOptions.Connect returned a connector without TLS")
	}
	return c, nil
}

func settingsOf(c driver.Connector) driver.LinkSettings {
	if d, ok := driver.As[driver.Describer](c); ok {
		return d.Settings()
	}
	return driver.LinkSettings{}
}

func sameSettings(a, b driver.LinkSettings) bool {
	samePassword := a.Password.Equal(b.Password)
	a.Password, b.Password = ctikit.Secret{}, ctikit.Secret{}
	return samePassword && a == b
}
