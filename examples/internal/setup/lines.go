package setup

import (
	"bufio"
	"fmt"
	"io"
)

// Lines calls do for every line of the standard input, without its line break.
func Lines(in io.Reader, do func(line string)) error {
	const longest = 1 << 20
	scanner := bufio.NewScanner(in)
	scanner.Buffer(nil, longest)
	n := 1
	for ; scanner.Scan(); n++ {
		do(scanner.Text())
	}
	if err := scanner.Err(); err != nil {
		return fmt.Errorf("standard input, line %d: %w", n, err)
	}
	return nil
}
