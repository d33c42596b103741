package ecma323

import "github.com/ctikit/ctikit/csta/internal/message"

func progressIndicator() eventField {
	return groupField("progressIndicator", func(e *event) bool { return e.Progress.Set }, structure[event]{
		progressField("progressLocation", progressLocations, 0),
		progressField("progressDescription", progressDescriptions, 1)})
}

func progressField(name string, names []string, i int) eventField {
	f := choiceField(name, names, func(e *event) *int8 { return &e.Progress.Value[i] })
	read := f.read
	f.read = func(r *reader, e *event) {
		e.Progress.Set = true
		read(r, e)
	}
	return f
}

func networkCapability() eventField {
	return groupField("networkCapability", func(e *event) bool { return e.NetworkType.Set }, structure[event]{
		enumField("networkType", networkTypes, func(e *event) *message.Opt[int8] { return &e.NetworkType }),
		bitsField("eventsProvided", networkEvents, func(e *event) *message.Bits { return &e.NetworkEvents })})
}

// chargingInfo is what a call cost.
func chargingInfo() eventField {
	return nestedField("chargingInfo", func(e *event) **message.Charging { return &e.Charging }, charging)
}

var charging = structure[message.Charging]{
	groupField("numberUnits", func(*message.Charging) bool { return true }, structure[message.Charging]{
		groupField("numberOfChargeUnits", func(c *message.Charging) bool { return c.Units != nil },
			structure[message.Charging]{chargeUnits}),
		groupField("numberOfCurrencyUnits", func(c *message.Charging) bool { return c.Units == nil },
			structure[message.Charging]{
				identifierField("currencyType", func(c *message.Charging) *message.Octets { return &c.Currency }),
				integerField("currencyAmount", func(c *message.Charging) *int64 { return &c.Amount }),
				choiceField("currencyMultiplier", multipliers, func(c *message.Charging) *int8 { return &c.Multiplier })}),
	}),
	{name: "typeOfChargingInfo",
		read: func(r *reader, c *message.Charging) { c.Total = string(r.readText()) == chargeTypes[1] },
		write: func(w *writer, name string, c *message.Charging) {
			i := 0
			if c.Total {
				i = 1
			}
			w.writeName(name, chargeTypes, i)
		}},
}

// chargeUnits is one chargingUnitsRecord after another, without a list around.
var chargeUnits = field[message.Charging]{name: "chargingUnitsRecord",
	read: func(r *reader, c *message.Charging) {
		var u message.ChargeUnit
		chargeUnit.readChildren(r, &u)
		c.Units = append(c.Units, u)
	},
	write: func(w *writer, name string, c *message.Charging) {
		for i := range c.Units {
			w.openElement(name)
			chargeUnit.writeChildren(w, &c.Units[i])
			w.closeElement(name)
		}
	}}

var chargeUnit = structure[message.ChargeUnit]{
	integerField("chargingUnits", func(u *message.ChargeUnit) *int64 { return &u.Units }),
	identifierField("typeOfUnits", func(u *message.ChargeUnit) *message.Octets { return &u.Type }),
}
