package installer

import (
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

// Install returns the command line, or a [ctikit.Problems].
func (m MacOS) Install() (string, error) {
	var ps ctikit.Problems
	line := m.programPath("Install", &ps) + " -silent"
	if m.SettingsURL != "" {
		ps.AddUnder("SettingsURL", provisioning.CheckSettingsURL(m.SettingsURL))
		line += " -autoconfigURL " + shellWord(m.SettingsURL)
	}
	if err := ps.Err(); err != nil {
		return "", err
	}
	return line, nil
}

// Uninstall returns the command line that removes the client, or a
// [ctikit.Problems].
func (m MacOS) Uninstall() (string, error) {
	var ps ctikit.Problems
	line := "sudo " + m.programPath("Uninstall", &ps) + " -silent"
	if err := ps.Err(); err != nil {
		return "", err
	}
	return line, nil
}

func (m MacOS) programPath(name string, ps *ctikit.Problems) string {
	volume := m.Volume
	if volume == "" {
		volume = "/Volumes/Avaya Equinox"
	}
	if !strings.HasPrefix(volume, "/") || strings.Trim(volume, plain+" ") != "" || strings.HasSuffix(volume, "/") {
		ps.Add("Volume", "must be the path of a volume, of letters, digits, blanks and ._-, got %.80q", volume)
	}
	return strings.ReplaceAll(volume, " ", `\ `) + "/" + name + ".app/Contents/MacOS/" + name
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
