package negotiate

import (
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"

	"github.com/jcmturner/gokrb5/v8/keytab"
)

// keys is the keytab file, read again when it has changed: a key that is rolled
// over shall not need a restart.
type keys struct {
	path     string
	incident func(Incident)

	mu      sync.Mutex
	table   *keytab.Keytab
	modTime time.Time
	size    int64
	checked time.Time
}

// checkEvery bounds how often the file is looked at.
const checkEvery = time.Second

func loadKeys(path string, incident func(Incident)) (*keys, error) {
	k := &keys{path: path, incident: incident}
	if err := k.reload(); err != nil {
		return nil, err
	}
	return k, nil
}

// current returns the keytab as it is. If the file cannot be read any more, the
// last good one stays, and an incident says so.
func (k *keys) current() *keytab.Keytab {
	k.mu.Lock()
	defer k.mu.Unlock()
	if now := time.Now(); now.Sub(k.checked) >= checkEvery {
		k.checked = now
		if err := k.reload(); err != nil {
			k.incident(Incident{Severity: slog.LevelError, Code: "auth.keytab", Subject: k.path,
				Message: "the keytab cannot be read; the one read before stays in use", Err: err})
		}
	}
	return k.table
}

func (k *keys) reload() error {
	info, err := os.Stat(k.path)
	if err != nil {
		return err
	}
	if k.table != nil && info.ModTime().Equal(k.modTime) && info.Size() == k.size {
		return nil
	}
	k.modTime, k.size = info.ModTime(), info.Size() // also of a bad one: it is reported once
	const limit = 1 << 20
	if info.Size() > limit {
		return fmt.Errorf("keytab %s: %d bytes is more than a keytab has", k.path, info.Size())
	}
	data, err := os.ReadFile(k.path)
	if err != nil {
		return err
	}
	table := keytab.New()
	if err := guarded(func() error { return table.Unmarshal(data) }); err != nil {
		return fmt.Errorf("keytab %s: %w", k.path, err)
	}
	if len(table.Entries) == 0 {
		return fmt.Errorf("keytab %s: no keys in it", k.path)
	}
	k.table = table
	return nil
}

// guarded turns a panic of the Kerberos library, whose decoders index without
// looking at lengths in places, into an error.
func guarded(call func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%w: %v", errMalformed, p)
		}
	}()
	return call()
}
