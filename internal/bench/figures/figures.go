package main

// A figure is one statement about speed or memory, and the benchmark that shows it.
type figure struct {
	name string
	in   string // the folder of the benchmark's package
	ours string // the benchmark
	kind kind
	peer string // the benchmark beside it, for faster and within
	unit string // what is compared; nanoseconds for an operation if empty
	want float64
	slow bool // takes more than some seconds, or needs a real server
}

type kind int

const (
	faster kind = iota // the peer takes at least want times as much
	within             // ours takes at most want times what the peer takes
	below              // ours is at most want
	above              // ours is at least want
)

const (
	microsecond = 1e3 // in nanoseconds, the unit of benchmarks
	millisecond = 1e6
	second      = 1e9
)

// figures are all that the product promises.
var figures = []figure{
	{name: "CSTA BER event from the connection to the host; beside go-asn1-ber", in: "csta/internal/bench", ours: "BEREvent/ctikit", kind: faster, peer: "BEREvent/go-asn1-ber", want: 40},
	{name: "CSTA BER event from the connection to the host", in: "csta/internal/bench", ours: "BEREvent/ctikit", kind: below, unit: "allocs/op"},
	{name: "CSTA BER event from its bytes to the host; beside a bare walk", in: "csta", ours: "Event/ratio", kind: below, unit: "of-walk", want: 3},
	{name: "CSTA BER event from its bytes to the host", in: "csta", ours: "Event/event", kind: below, unit: "allocs/op"},
	{name: "CSTA XML event from the connection to the host; beside encoding/xml", in: "csta/internal/bench", ours: "XMLEvent/ctikit", kind: faster, peer: "XMLEvent/encoding/xml", want: 12},
	{name: "CSTA XML event from the connection to the host", in: "csta/internal/bench", ours: "XMLEvent/ctikit", kind: below, unit: "allocs/op", want: 1},
	{name: "CSTA BER request, encoded", in: "csta/internal/phase3", ours: "MakeCall", kind: below, unit: "allocs/op"},
	{name: "CSTA XML request, encoded", in: "csta/internal/ecma323", ours: "MakeCall", kind: below, unit: "allocs/op"},
	{name: "CSTA BER events a second over one loopback link, delivered to a subscriber", in: "csta/internal/bench", ours: "Loopback/events", kind: above, unit: "events/s", want: 200000},
	{name: "10,000 monitors started on one loopback link", in: "csta/internal/bench", ours: "Loopback/monitors", kind: below, want: second},

	{name: "VTI-XML event, decoded; beside encoding/xml", in: "internal/bench", ours: "VTIXMLEvent/vtixml", kind: faster, peer: "VTIXMLEvent/encoding/xml", want: 12},
	{name: "VTI-XML event, decoded", in: "internal/bench", ours: "VTIXMLEvent/vtixml", kind: below, unit: "allocs/op", want: 1},
	{name: "VTI-XML: 500 supervisions on a fresh link", in: "vtixml", ours: "Supervise500", kind: below, want: 200 * millisecond},

	{name: "960 extensions supervised over loopback", in: "internal/soak", ours: "Idle", kind: below, unit: "supervised-ms", want: 2000, slow: true},
	{name: "960 extensions at rest, the PBX in another process", in: "internal/soak", ours: "Idle", kind: below, unit: "goroutines", want: 20, slow: true},
	{name: "960 extensions at rest, the PBX in another process", in: "internal/soak", ours: "Idle", kind: below, unit: "resident-MiB", want: 40, slow: true},
	{name: "100,000 extensions, the PBX in another process", in: "internal/soak", ours: "Failover", kind: below, unit: "resident-MiB", want: 250, slow: true},
	{name: "10,000 of 100,000 lost with a link, supervised again", in: "internal/soak", ours: "Failover", kind: below, unit: "again-ms", want: 3000, slow: true},
	{name: "meanwhile a request and its event on another link, 99 in 100", in: "internal/soak", ours: "Failover", kind: below, unit: "trip-ms", want: 10, slow: true},

	{name: "event to the subscriber of its device, of 10,000", in: "cti/gateway", ours: "Publish/all=0", kind: below, want: 300},
	{name: "event to the subscriber of its device, of 10,000", in: "cti/gateway", ours: "Publish/all=0", kind: below, unit: "allocs/op"},
	{name: "1,000,000 extensions given to 1,000 links", in: "cti/internal/alloc", ours: "FirstAssignment", kind: below, want: second, slow: true},
	{name: "failure of a link of 1,000 extensions decided", in: "cti/internal/alloc", ours: "LinkFailure", kind: below, want: 5 * millisecond, slow: true},
	{name: "memory of an extension in the allocator", in: "cti/internal/alloc", ours: "Memory", kind: below, unit: "B/extension", want: 100, slow: true},

	{name: "number dialled by 12 rules", in: "internal/bench", ours: "DialPlan/plan/rules=12", kind: below, want: 100},
	{name: "number dialled by 12 rules", in: "internal/bench", ours: "DialPlan/plan/rules=12", kind: below, unit: "allocs/op"},
	{name: "number dialled by 1,000 rules; beside 12", in: "internal/bench", ours: "DialPlan/plan/rules=1000", kind: within, peer: "DialPlan/plan/rules=12", want: 1.5},
	{name: "number dialled by 12 rules; beside its rules tried in turn with regexp2, match and prefix only", in: "internal/bench", ours: "DialPlan/plan/rules=12", kind: faster, peer: "DialPlan/regexp2-in-turn/rules=12", want: 20},
	{name: "number dialled by 12 rules; beside phonenumbers, which does more", in: "internal/bench", ours: "DialPlan/plan/rules=12", kind: faster, peer: "DialPlan/phonenumbers", want: 100},
	{name: "plan of 1,000 rules built", in: "dialplan", ours: "New/rules=1000", kind: below, want: 150 * millisecond},

	{name: "100,000 users read from slapd; beside go-ldap", in: "internal/bench", ours: "FullRead/ctikit-full", kind: faster, peer: "FullRead/go-ldap-SearchWithPaging", want: 4, slow: true},
	{name: "100,000 users read from slapd; beside the bare bytes", in: "internal/bench", ours: "FullRead/ratio", kind: below, unit: "of-bytes", want: 1.3, slow: true},
	{name: "100,000 users read from slapd, memory", in: "internal/bench", ours: "FullRead/ctikit-full", kind: below, unit: "peak-MiB", want: 40, slow: true},
	{name: "100,000 users synchronised, no change, all read", in: "internal/bench", ours: "NoChange/full", kind: below, want: 3 * second, slow: true},
	{name: "100,000 users synchronised, no change, RFC 4533", in: "internal/bench", ours: "NoChange/syncrepl", kind: below, want: 50 * millisecond, slow: true},
	{name: "caller named among 1,000,000", in: "internal/bench", ours: "Lookup/ctikit/1000000", kind: below, want: 250, slow: true},
	{name: "caller named among 1,000,000", in: "internal/bench", ours: "Lookup/ctikit/1000000", kind: below, unit: "allocs/op", slow: true},
	{name: "caller named among 1,000,000; beside a Go map", in: "internal/bench", ours: "Lookup/ratio/1000000", kind: below, unit: "of-map", want: 1, slow: true},
	{name: "memory of a number among 1,000,000, beyond the contacts", in: "internal/bench", ours: "Lookup/ctikit/1000000", kind: below, unit: "B/number", want: 20, slow: true},
	{name: "caller named among 150,000", in: "internal/bench", ours: "Lookup/ctikit/150000", kind: below, want: 100, slow: true},
	{name: "caller named among 150,000; beside a Go map", in: "internal/bench", ours: "Lookup/ratio/150000", kind: below, unit: "of-map", want: 1, slow: true},
	{name: "first page of a search among 150,000 contacts", in: "internal/bench", ours: "Search/within", kind: below, want: 5 * millisecond, slow: true},

	{name: "right asked for, 10,000 users, 5,000 grants", in: "auth/rights", ours: "Can/directory", kind: below, want: 100},
	{name: "right asked for, 10,000 users, 5,000 grants", in: "auth/rights", ours: "Can/directory", kind: below, unit: "allocs/op"},
	{name: "right asked for; beside casbin", in: "internal/bench", ours: "Can/rights", kind: faster, peer: "Can/casbin", want: 100},
	{name: "200 sign-ins at once", in: "internal/bench", ours: "SignIns", kind: below, unit: "peak-MiB", want: 150, slow: true},
	{name: "chain of sign-in methods, without their own work", in: "auth", ours: "Chain", kind: below, want: microsecond},

	{name: "the vendor's settings template parsed", in: "provisioning/settings", ours: "ParseTemplate", kind: below, want: 10 * millisecond},
	{name: "the vendor's settings template evaluated", in: "provisioning/settings", ours: "EvaluateTemplate", kind: below, want: millisecond},
	{name: "settings file generated", in: "provisioning/ipoffice", ours: "Settings", kind: below, want: 50 * microsecond},
	{name: "settings files served in a second", in: "provisioning/ipoffice", ours: "Serve", kind: above, unit: "files/s", want: 5000},
}
