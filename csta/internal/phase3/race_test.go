//go:build race

package phase3_test

func init() { racing = true }
