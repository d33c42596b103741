package ecma323

import "github.com/ctikit/ctikit/csta/internal/message"

func progressIndicator() eventField {
	return within("progressIndicator", func(e *event) bool { return e.Progress.Set }, structure[event]{
		progress("progressLocation", progressLocations, 0), progress("progressDescription", progressDescriptions, 1)})
}

func progress(name string, names []string, i int) eventField {
	f := choice(name, names, func(e *event) *int8 { return &e.Progress.Value[i] })
	read := f.read
	f.read = func(r *reader, e *event) {
		e.Progress.Set = true
		read(r, e)
	}
	return f
}

func networkCapability() eventField {
	return within("networkCapability", func(e *event) bool { return e.NetworkType.Set }, structure[event]{
		enum("networkType", networkTypes, func(e *event) *message.Opt[int8] { return &e.NetworkType }),
		bits("eventsProvided", networkEvents, func(e *event) *message.Bits { return &e.NetworkEvents })})
}

// chargingInfo is what a call cost.
func chargingInfo() eventField {
	return nested("chargingInfo", func(e *event) **message.Charging { return &e.Charging }, charging)
}

var charging = structure[message.Charging]{
	within("numberUnits", func(*message.Charging) bool { return true }, structure[message.Charging]{
		within("numberOfChargeUnits", func(c *message.Charging) bool { return c.Units != nil }, structure[message.Charging]{chargeUnits}),
		within("numberOfCurrencyUnits", func(c *message.Charging) bool { return c.Units == nil }, structure[message.Charging]{
			textID("currencyType", func(c *message.Charging) *message.Octets { return &c.Currency }),
			integer("currencyAmount", func(c *message.Charging) *int64 { return &c.Amount }),
			choice("currencyMultiplier", multipliers, func(c *message.Charging) *int8 { return &c.Multiplier })}),
	}),
	{name: "typeOfChargingInfo",
		read: func(r *reader, c *message.Charging) { c.Total = string(r.text()) == chargeTypes[1] },
		write: func(w *writer, name string, c *message.Charging) {
			i := 0
			if c.Total {
				i = 1
			}
			w.named(name, chargeTypes, i)
		}},
}

// chargeUnits is one chargingUnitsRecord after another, without a list around.
var chargeUnits = field[message.Charging]{name: "chargingUnitsRecord",
	read: func(r *reader, c *message.Charging) {
		var u message.ChargeUnit
		chargeUnit.read(r, &u)
		c.Units = append(c.Units, u)
	},
	write: func(w *writer, name string, c *message.Charging) {
		for i := range c.Units {
			w.open(name)
			chargeUnit.write(w, &c.Units[i])
			w.close(name)
		}
	}}

var chargeUnit = structure[message.ChargeUnit]{
	integer("chargingUnits", func(u *message.ChargeUnit) *int64 { return &u.Units }),
	textID("typeOfUnits", func(u *message.ChargeUnit) *message.Octets { return &u.Type }),
}
