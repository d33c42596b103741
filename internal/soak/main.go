// Soak runs a gateway for as long as asked against a PBX network in another
// process, with calls going on and links failing, and reports what it costs and
// what was told:
//
//	go run ./internal/soak -minutes 60
//	go run ./internal/soak -extensions 100000 -links 10 -failover
//
// It ends with status 1 if the gateway's picture is not the PBX's in the end, or
// goroutines are left.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"runtime"
	"time"
)

// options are the command line.
type options struct {
	serve      bool
	failover   bool
	extensions int
	links      int
	minutes    float64
	calls      int           // begun per second
	fail       time.Duration // a link fails every so often; 0 never
	every      time.Duration // a line of figures
	seed       uint64
}

func main() {
	var o options
	flag.BoolVar(&o.serve, "serve", false, "be the PBX network (used by the program itself)")
	flag.BoolVar(&o.failover, "failover", false, "time the loss of one link instead, and what the others feel of it")
	flag.IntVar(&o.extensions, "extensions", 960, "number of `extensions`")
	flag.IntVar(&o.links, "links", 4, "number of VTI-XML `links`")
	flag.Float64Var(&o.minutes, "minutes", 1, "how long")
	flag.IntVar(&o.calls, "calls", 20, "calls begun per second")
	flag.DurationVar(&o.fail, "fail", 10*time.Second, "a link fails this often; 0 never")
	flag.DurationVar(&o.every, "every", 10*time.Second, "time between lines of figures")
	flag.Uint64Var(&o.seed, "seed", uint64(time.Now().UnixNano()), "of calls and failures")
	flag.Parse()
	if o.extensions < 2 || o.links < 1 || o.extensions > 900_000 || o.minutes <= 0 || o.calls < 0 || o.every <= 0 {
		fmt.Fprintln(os.Stderr, "soak: needs 2 to 900000 extensions, a link, a time")
		os.Exit(2)
	}
	run := watch
	if o.serve {
		run = serve
	}
	if err := run(context.Background(), o); err != nil {
		fmt.Fprintln(os.Stderr, "soak:", err)
		os.Exit(1)
	}
	if n := runtime.NumGoroutine(); !o.serve && n > 2 {
		fmt.Fprintf(os.Stderr, "soak: %d goroutines are left\n", n)
		os.Exit(1)
	}
}
