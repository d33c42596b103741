package forwardrules

import (
	"slices"
	"time"
)

// change returns the next moment after t at which active changes, and false if
// it never will.
func (c *calendar) change(t time.Time) (time.Time, bool) {
	now := c.active(t)
	for _, day := range c.candidates(t) {
		at := time.Date(day.Year, day.Month, day.Day, 0, 0, 0, 0, c.zone)
		if at.Before(t) {
			at = t
		}
		// Midnight itself, and then the edges up to the next one.
		for !day.before(dateOf(at.In(c.zone))) {
			if at.After(t) && c.active(at) != now {
				return at, true
			}
			at = c.next(at)
		}
		if c.active(at) != now {
			return at, true
		}
	}
	return time.Time{}, false
}

// candidates are the days on which active may change after t, in order: weeks
// repeat, so that after what happens around a special day two weeks show all
// that will happen until the next. (Two, because the hour of a weekly period may
// be left out when clocks are put forward.)
func (c *calendar) candidates(t time.Time) []Date {
	today := dateOf(t.In(c.zone))
	special := append([]Date{today, c.From, c.Until}, c.Except...)
	var days []Date
	for _, s := range special {
		if s.IsZero() {
			continue
		}
		for i := -1; i <= 15; i++ {
			if day := dateOf(time.Date(s.Year, s.Month, s.Day+i, 12, 0, 0, 0, time.UTC)); !day.before(today) {
				days = append(days, day)
			}
		}
	}
	slices.SortFunc(days, func(a, b Date) int {
		switch {
		case a.before(b):
			return -1
		case b.before(a):
			return 1
		}
		return 0
	})
	return slices.Compact(days)
}
