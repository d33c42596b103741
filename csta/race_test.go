//go:build race

package csta

func init() { racing = true }
