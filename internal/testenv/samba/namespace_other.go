//go:build !linux

package samba

import "errors"

func joinNamespace(string) error { return errors.New("network namespaces exist on Linux only") }
