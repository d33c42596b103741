// Package csta is the driver for PBXs that speak CSTA (ECMA-179, 217, 269, 285,
// 323): a [Config] is a cti.Connector.
package csta
