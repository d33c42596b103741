//go:build race

package phase12_test

func init() { racing = true }
