package setup

import (
	"embed"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

//go:embed gateway.json contacts.csv
var builtin embed.FS

// Read reads the configuration file at path, or the one built in where path is
// empty: the planning table of TWP guide 4.2, with 960 extensions on four links.
// Its error is a Mistake that names every one of the file.
func Read(path string, dial Dialer) (*Settings, error) {
	if path != "" {
		if _, err := os.Stat(path); err != nil {
			return nil, Mistake{err} // with the path as the user wrote it
		}
	}
	s, err := openConfig(path, dial)
	if err != nil {
		problems := strings.ReplaceAll(err.Error(), "\n", "\n  ")
		return nil, Mistake{fmt.Errorf("invalid configuration, nothing was started:\n  %s", problems)}
	}
	return s, nil
}

func openConfig(path string, dial Dialer) (*Settings, error) {
	if path == "" {
		return parseConfig(builtin, "gateway.json", dial)
	}
	return parseConfig(os.DirFS(filepath.Dir(path)), filepath.Base(path), dial)
}
