// Package scenes holds that a host sees the same calls whatever protocol the
// link speaks: scenes of life in a PBX network are played over each of them,
// and who is with whom must be told with every event.
package scenes
