package ipoffice_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/ctikit/ctikit/provisioning/ipoffice"
)

func BenchmarkSettings(b *testing.B) {
	c := complete(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.Settings(ipoffice.Requester{}); err != nil {
			b.Fatal(err)
		}
	}
}

// Over loopback, connections kept alive, client and server on the same cores.
func BenchmarkServe(b *testing.B) {
	benchmarkServe(b, handler(b))
}

// The baseline: the same text, ready made.
func BenchmarkServeReady(b *testing.B) {
	c := complete(b)
	text, err := c.Settings(ipoffice.Requester{})
	if err != nil {
		b.Fatal(err)
	}
	benchmarkServe(b, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(text) }))
}

func benchmarkServe(b *testing.B, h http.Handler) {
	server := httptest.NewServer(h)
	defer server.Close()
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		client := server.Client()
		for pb.Next() {
			r, err := client.Get(server.URL + "/46xxsettings.txt")
			if err != nil {
				b.Error(err)
				return
			}
			_, _ = io.Copy(io.Discard, r.Body)
			r.Body.Close()
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "files/s")
}
