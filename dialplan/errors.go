package dialplan

import (
	"errors"
	"fmt"
)

// Reasons why a number cannot be dialled; test with errors.Is.
var (
	// ErrEmpty: the number has no dialable character, or only a +, or the rule
	// that applies leaves nothing of it.
	ErrEmpty = errors.New("nothing to dial")
	// ErrTooLong: the number has more than 32 dialable characters or more than
	// 48 with its parentheses.
	ErrTooLong = errors.New("more than 32 dialable characters")
	// ErrRule: an expression without a proved bound took too long on this number.
	ErrRule = errors.New("rule failed")
)

// NumberError says which number cannot be dialled and why.
type NumberError struct {
	Number string // as given, cut to 48 bytes
	Rule   string // the rule that was at work, "" where none was
	Err    error  // ErrEmpty, ErrTooLong, ErrRule
}

// Error quotes the number.
func (e *NumberError) Error() string {
	if e.Rule != "" {
		return fmt.Sprintf("dialplan: %q cannot be dialled: rule %s: %v", e.Number, e.Rule, e.Err)
	}
	return fmt.Sprintf("dialplan: %q cannot be dialled: %v", e.Number, e.Err)
}

// Unwrap gives Err.
func (e *NumberError) Unwrap() error { return e.Err }

func numberError(number, rule string, err error) error {
	const shown = 48
	if len(number) > shown {
		number = number[:shown]
	}
	return &NumberError{Number: number, Rule: rule, Err: err}
}
