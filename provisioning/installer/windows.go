package installer

import (
	"errors"
	"fmt"
	"strings"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/provisioning"
)

// Windows is an installation with msiexec. The zero values are the installer's
// own defaults.
type Windows struct {
	// MSI is the installer's file; its name changes with the version.
	MSI string
	// Silent shows nothing; it needs administrator rights.
	Silent bool
	// Log is the file to write a full log to, "" for none.
	Log string
	// SettingsURL configures the client; not for Spaces installations.
	SettingsURL string
	// Spaces: the client will register with Avaya Spaces.
	Spaces bool
	// IMProvider makes the client the message provider of Office (off otherwise).
	IMProvider bool
	// QoS installs the driver that marks packets with DSCP (off otherwise).
	QoS bool
	// NoOutlook and NoBrowser leave out the plug-ins.
	NoOutlook, NoBrowser bool
	// VDI installs the client of a virtual desktop.
	VDI bool
}

// Install returns the command line, or every mistake in it.
func (w Windows) Install() (string, error) {
	var errs []error
	args := []string{"msiexec", "/i", quote("MSI", w.MSI, &errs)}
	args = append(args, w.process(&errs)...)
	if w.SettingsURL != "" {
		if w.Spaces {
			errs = append(errs, fmt.Errorf("SettingsURL: not for Spaces installations: %w", ctikit.ErrInvalid))
		}
		if err := provisioning.CheckSettingsURL(w.SettingsURL); err != nil {
			errs = append(errs, fmt.Errorf("SettingsURL: %w: %w", err, ctikit.ErrInvalid))
		}
		args = append(args, "AUTOCONFIG="+quote("SettingsURL", w.SettingsURL, &errs))
	}
	for _, option := range []struct {
		on   bool
		text string
	}{{w.IMProvider, "IMPROVIDER=1"}, {w.QoS, "NOQOS=0"}, {w.NoOutlook, "OP=0"}, {w.NoBrowser, "BP=0"}, {w.VDI, "VDIENV=1"}} {
		if option.on {
			args = append(args, option.text)
		}
	}
	return join(args, errs)
}

// Uninstall returns the command line that removes the client; of the fields MSI,
// Silent and Log count.
func (w Windows) Uninstall() (string, error) {
	var errs []error
	args := []string{"msiexec", "/x", quote("MSI", w.MSI, &errs)}
	return join(append(args, w.process(&errs)...), errs)
}

func (w Windows) process(errs *[]error) (args []string) {
	if w.Silent {
		args = append(args, "/qn")
	}
	if w.Log != "" {
		args = append(args, "/l*v"+quote("Log", w.Log, errs))
	}
	return args
}

func join(args []string, errs []error) (string, error) {
	if err := errors.Join(errs...); err != nil {
		return "", fmt.Errorf("installer: %w", err)
	}
	return strings.Join(args, " "), nil
}

// quote puts a value in double quotes. Inside them cmd.exe replaces % and ! and
// PowerShell $ and `, a quote ends them, and a backslash before the last one
// would take it into the value.
func quote(field, value string, errs *[]error) string {
	switch {
	case value == "":
		*errs = append(*errs, fmt.Errorf("%s: is missing: %w", field, ctikit.ErrInvalid))
	case strings.ContainsAny(value, "\"%!$`") || hasControl(value):
		*errs = append(*errs, fmt.Errorf("%s: a quote, %%, !, $, ` or a control character: %w", field, ctikit.ErrInvalid))
	case strings.HasSuffix(value, `\`):
		*errs = append(*errs, fmt.Errorf(`%s: ends in \: %w`, field, ctikit.ErrInvalid))
	}
	return `"` + value + `"`
}

func hasControl(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7F || r == '\u2028' || r == '\u2029' || r == '\u0085' })
}
