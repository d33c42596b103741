package setup

import (
	"embed"
	"os"
	"path/filepath"
)

//go:embed gateway.json contacts.csv
var builtin embed.FS

// Read reads the configuration file at path, or the one built in where path is
// empty: the planning table of TWP guide 4.2, with 960 extensions on four links.
func Read(path string, dial Dialer) (*Settings, error) {
	if path == "" {
		return Parse(builtin, "gateway.json", dial)
	}
	if _, err := os.Stat(path); err != nil {
		return nil, err // with the path as the user wrote it
	}
	return Parse(os.DirFS(filepath.Dir(path)), filepath.Base(path), dial)
}
