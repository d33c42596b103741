package negotiate

import (
	"fmt"
	"log/slog"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jcmturner/gokrb5/v8/keytab"

	"github.com/ctikit/ctikit"
)

// keys is the keytab file, read again when it has changed: a key that is rolled
// over shall not need a restart.
type keys struct {
	path     string
	incident func(ctikit.Incident)
	table    atomic.Pointer[keytab.Keytab]

	checking sync.Mutex // held while the file is checked; no goroutine waits for it
	modTime  time.Time
	size     int64
	checked  time.Time
}

// checkEvery bounds how often the file is looked at.
const checkEvery = time.Second

func loadKeys(path string, incident func(ctikit.Incident)) (*keys, error) {
	k := &keys{path: path, incident: incident}
	if err := k.reloadFile(); err != nil {
		return nil, err
	}
	return k, nil
}

// currentTable returns the current keytab. If the file can no longer be read, it returns
// the last valid one and records an incident.
func (k *keys) currentTable() *keytab.Keytab {
	if k.checking.TryLock() {
		err := k.checkFile()
		k.checking.Unlock()
		if err != nil {
			k.incident(ctikit.Incident{Severity: slog.LevelError, Code: "auth.keytab", Subject: k.path,
				Message: "the keytab cannot be read; the one read before stays in use", Err: err})
		}
	}
	return k.table.Load()
}

// checkFile looks at the file, not more than once a second.
func (k *keys) checkFile() error {
	now := time.Now()
	if now.Sub(k.checked) < checkEvery {
		return nil
	}
	k.checked = now
	return k.reloadFile()
}

func (k *keys) reloadFile() error {
	info, err := os.Stat(k.path)
	if err != nil {
		return err
	}
	if k.table.Load() != nil && info.ModTime().Equal(k.modTime) && info.Size() == k.size {
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
	if err := recoverPanic(func() error { return table.Unmarshal(data) }); err != nil {
		return fmt.Errorf("keytab %s: %w", k.path, err)
	}
	if len(table.Entries) == 0 {
		return fmt.Errorf("keytab %s: no keys in it", k.path)
	}
	k.table.Store(table)
	return nil
}

// recoverPanic turns a panic of the Kerberos library, whose decoders index without
// looking at lengths in places, into an error.
func recoverPanic(call func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%w: %v", errMalformed, p)
		}
	}()
	return call()
}
