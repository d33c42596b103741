package installer

import (
	"errors"
	"fmt"
	"strings"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/provisioning"
)

// MacOS is an installation from the mounted disk image, silent, with
// administrator rights.
type MacOS struct {
	// Volume is where the image is mounted, "" for /Volumes/Avaya Equinox.
	Volume string
	// SettingsURL configures the client, "" for none.
	SettingsURL string
}

// Install returns the command line, or what is wrong with it.
func (m MacOS) Install() (string, error) {
	line, err := m.program("Install")
	if err == nil {
		line += " -silent"
	}
	if m.SettingsURL == "" {
		return line, err
	}
	if bad := provisioning.CheckSettingsURL(m.SettingsURL); bad != nil {
		err = errors.Join(err, fmt.Errorf("installer: SettingsURL: %w: %w", bad, ctikit.ErrInvalid))
	}
	if err != nil {
		return "", err
	}
	return line + " -autoconfigURL " + shellWord(m.SettingsURL), nil
}

// Uninstall returns the command line that removes the client.
func (m MacOS) Uninstall() (string, error) {
	line, err := m.program("Uninstall")
	if err != nil {
		return "", err
	}
	return "sudo " + line + " -silent", nil
}

func (m MacOS) program(name string) (string, error) {
	volume := m.Volume
	if volume == "" {
		volume = "/Volumes/Avaya Equinox"
	}
	if !strings.HasPrefix(volume, "/") || strings.Trim(volume, plain+" ") != "" || strings.HasSuffix(volume, "/") {
		return "", fmt.Errorf("installer: Volume: %q is not the path of a volume of letters, digits, blanks and ._-: %w", volume, ctikit.ErrInvalid)
	}
	return strings.ReplaceAll(volume, " ", `\ `) + "/" + name + ".app/Contents/MacOS/" + name, nil
}

// plain are the characters that no shell takes for anything else.
const plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/._-:"

// shellWord quotes an address where it needs it; addresses hold no quotes.
func shellWord(s string) string {
	if strings.Trim(s, plain) == "" {
		return s
	}
	return "'" + s + "'"
}
