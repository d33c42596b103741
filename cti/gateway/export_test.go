package gateway

import "math/rand/v2"

// Reseed makes all that is random in a gateway follow from seed. It is called
// before Run.
func Reseed(g *Gateway, seed uint64) {
	g.seed = seed
	g.control.random = rand.New(rand.NewPCG(seed, 0))
}
