package forwardrules

import (
	"fmt"
	"slices"
	"time"

	"github.com/ctikit/ctikit"
)

// Calendar is when a rule applies. The zero value is always. Times are wall clock
// times in Zone.
type Calendar struct {
	Zone   string   `json:"zone,omitempty"`   // IANA name, "Europe/Paris"; "" is UTC
	Weekly []Period `json:"weekly,omitempty"` // none is all day, every day
	From   Date     `json:"from,omitzero"`    // first day; zero is no bound
	Until  Date     `json:"until,omitzero"`   // last day; zero is no bound
	Except []Date   `json:"except,omitempty"` // days on which it does not apply
}

// Period is a part of days. One that ends before or when it begins lasts past
// midnight and belongs to the day on which it began.
type Period struct {
	Days []time.Weekday `json:"days"` // 0 is Sunday
	From Clock          `json:"from"`
	To   Clock          `json:"to"`
}

// WorkDays are Monday to Friday.
func WorkDays() []time.Weekday {
	return []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday}
}

// Clock is a time of day in minutes since midnight, "18:30" as text.
type Clock int

// At returns a time of day.
func At(hour, minute int) Clock { return Clock(hour*60 + minute) }

// String is "18:30".
func (c Clock) String() string { return fmt.Sprintf("%02d:%02d", c/60, c%60) }

// MarshalText encodes the time as [Clock.String].
func (c Clock) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText reads "18:30"; "24:00" is the end of the day.
func (c *Clock) UnmarshalText(text []byte) error {
	if string(text) == endOfDay.String() {
		*c = endOfDay
		return nil
	}
	t, err := time.Parse("15:04", string(text))
	if err != nil || len(text) != len("15:04") {
		return fmt.Errorf("invalid time of day %q: must be 00:00 to 24:00", text)
	}
	*c = At(t.Hour(), t.Minute())
	return nil
}

const endOfDay = Clock(24 * 60)

// Date is a day, "2026-12-25" as text.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// IsZero reports whether the date is unset.
func (d Date) IsZero() bool { return d == Date{} }

// String is "2026-12-25".
func (d Date) String() string { return fmt.Sprintf("%04d-%02d-%02d", d.Year, int(d.Month), d.Day) }

// MarshalText encodes the date as [Date.String].
func (d Date) MarshalText() ([]byte, error) {
	if d.IsZero() {
		return nil, nil
	}
	return []byte(d.String()), nil
}

// UnmarshalText reads "2026-12-25", and "" as the zero date.
func (d *Date) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*d = Date{}
		return nil
	}
	t, err := time.Parse(time.DateOnly, string(text))
	if err != nil {
		return fmt.Errorf("invalid date %q: must be a day such as 2026-12-25", text)
	}
	*d = dateOf(t)
	return nil
}

func dateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date{y, m, d}
}

func (d Date) precedes(o Date) bool {
	return d.Year < o.Year || d.Year == o.Year && (d.Month < o.Month || d.Month == o.Month && d.Day < o.Day)
}

// calendar is a validated Calendar.
type calendar struct {
	Calendar
	zone *time.Location
}

func (c Calendar) validate(path string, ps *ctikit.Problems) calendar {
	zone, err := time.LoadLocation(c.Zone)
	if err != nil || c.Zone == "Local" { // a rule must not depend on the machine's zone
		ps.Add(path+"zone", "unknown time zone %q", c.Zone)
		zone = time.UTC
	}
	for i, p := range c.Weekly {
		path := fmt.Sprintf("%sweekly[%d].", path, i)
		if len(p.Days) == 0 {
			ps.Add(path+"days", "missing")
		}
		for _, d := range p.Days {
			if d < time.Sunday || d > time.Saturday {
				ps.Add(path+"days", "must be 0 (Sunday) to 6, got %d", d)
			}
		}
		for _, clock := range []struct {
			name  string
			value Clock
		}{{"from", p.From}, {"to", p.To}} {
			if clock.value < 0 || clock.value > endOfDay {
				ps.Add(path+clock.name, "must be 0 to %d minutes, got %d", int(endOfDay), int(clock.value))
			}
		}
	}
	for i, d := range c.Except {
		if d.IsZero() {
			ps.Add(fmt.Sprintf("%sexcept[%d]", path, i), "must not be empty")
		}
	}
	if !c.From.IsZero() && !c.Until.IsZero() && c.Until.precedes(c.From) {
		ps.Add(path+"until", "must not be before %v, got %v", c.From, c.Until)
	}
	return calendar{c, zone}
}

// isActive reports whether the calendar applies at t.
func (c *calendar) isActive(t time.Time) bool {
	local := t.In(c.zone)
	now := At(local.Hour(), local.Minute())
	yesterday := time.Date(local.Year(), local.Month(), local.Day()-1, 12, 0, 0, 0, c.zone)
	if len(c.Weekly) == 0 {
		return c.includesDay(local)
	}
	for _, p := range c.Weekly {
		begun := now >= p.From && (now < p.To || p.To <= p.From)
		if begun && slices.Contains(p.Days, local.Weekday()) && c.includesDay(local) {
			return true
		}
		if p.To <= p.From && now < p.To && slices.Contains(p.Days, yesterday.Weekday()) && c.includesDay(yesterday) {
			return true
		}
	}
	return false
}

// includesDay reports whether a day is within the bounds and is not excepted.
func (c *calendar) includesDay(day time.Time) bool {
	d := dateOf(day)
	return (c.From.IsZero() || !d.precedes(c.From)) && (c.Until.IsZero() || !c.Until.precedes(d)) &&
		!slices.Contains(c.Except, d)
}

// nextEdge returns the next moment after t when isActive may change: midnight at
// the latest.
func (c *calendar) nextEdge(t time.Time) time.Time {
	local := t.In(c.zone)
	at := func(days int, clock Clock) time.Time {
		return time.Date(local.Year(), local.Month(), local.Day()+days, 0, int(clock), 0, 0, c.zone)
	}
	best := at(1, 0)
	for _, p := range c.Weekly {
		for _, clock := range [...]Clock{p.From, p.To} {
			if edge := at(0, clock); edge.After(t) && edge.Before(best) {
				best = edge
			}
		}
	}
	// In a night when clocks change, an hour comes twice or not at all, in some
	// places midnight itself: go through it minute by minute, beginning with the
	// hours before, to include the second of two equal hours.
	_, offset := t.Add(-3 * time.Hour).In(c.zone).Zone()
	if _, then := best.In(c.zone).Zone(); then != offset || !best.After(t) {
		return t.Truncate(time.Minute).Add(time.Minute)
	}
	return best
}

// nextChange returns the next moment after t when isActive changes, and false if it
// never does.
func (c *calendar) nextChange(t time.Time) (time.Time, bool) {
	now := c.isActive(t)
	for _, day := range c.candidateDays(t) {
		at := time.Date(day.Year, day.Month, day.Day, 0, 0, 0, 0, c.zone)
		if at.Before(t) {
			at = t
		}
		// Midnight itself, and then the edges up to the next one.
		for !day.precedes(dateOf(at.In(c.zone))) {
			if at.After(t) && c.isActive(at) != now {
				return at, true
			}
			at = c.nextEdge(at)
		}
		if c.isActive(at) != now {
			return at, true
		}
	}
	return time.Time{}, false
}

// candidateDays returns the days on which isActive may change after t, in order:
// weeks repeat, so the two weeks after a special day show all changes until the next
// one. (Two, because the hour of a weekly period is skipped when clocks go forward.)
func (c *calendar) candidateDays(t time.Time) []Date {
	today := dateOf(t.In(c.zone))
	special := append([]Date{today, c.From, c.Until}, c.Except...)
	var days []Date
	for _, s := range special {
		if s.IsZero() {
			continue
		}
		for i := -1; i <= 15; i++ {
			if day := dateOf(time.Date(s.Year, s.Month, s.Day+i, 12, 0, 0, 0, time.UTC)); !day.precedes(today) {
				days = append(days, day)
			}
		}
	}
	slices.SortFunc(days, func(a, b Date) int {
		switch {
		case a.precedes(b):
			return -1
		case b.precedes(a):
			return 1
		}
		return 0
	})
	return slices.Compact(days)
}
