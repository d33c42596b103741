package installer

import (
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

// Install returns the command line, or a [ctikit.Problems].
func (w Windows) Install() (string, error) {
	var ps ctikit.Problems
	args := w.msiexecArgs("/i", &ps)
	if w.SettingsURL != "" {
		if w.Spaces {
			ps.Add("SettingsURL", "not allowed for Spaces installations")
		}
		ps.AddUnder("SettingsURL", provisioning.CheckSettingsURL(w.SettingsURL))
		args = append(args, "AUTOCONFIG="+quoteArg("SettingsURL", w.SettingsURL, &ps))
	}
	for _, option := range []struct {
		on   bool
		text string
	}{
		{w.IMProvider, "IMPROVIDER=1"}, {w.QoS, "NOQOS=0"}, {w.NoOutlook, "OP=0"}, {w.NoBrowser, "BP=0"}, {w.VDI, "VDIENV=1"},
	} {
		if option.on {
			args = append(args, option.text)
		}
	}
	return commandLine(args, ps)
}

// Uninstall returns the command line that removes the client, or a
// [ctikit.Problems]. Only the fields MSI, Silent and Log are used.
func (w Windows) Uninstall() (string, error) {
	var ps ctikit.Problems
	args := w.msiexecArgs("/x", &ps)
	return commandLine(args, ps)
}

// msiexecArgs are the arguments that installing and removing have in common.
func (w Windows) msiexecArgs(action string, ps *ctikit.Problems) []string {
	args := []string{"msiexec", action, quoteArg("MSI", w.MSI, ps)}
	if w.Silent {
		args = append(args, "/qn")
	}
	if w.Log != "" {
		args = append(args, "/l*v"+quoteArg("Log", w.Log, ps))
	}
	return args
}

func commandLine(args []string, ps ctikit.Problems) (string, error) {
	if err := ps.Err(); err != nil {
		return "", err
	}
	return strings.Join(args, " "), nil
}

// quoteArg puts a value in double quotes. Inside them cmd.exe replaces % and ! and
// PowerShell $ and `, a quote ends them, and a backslash before the last one
// would take it into the value.
func quoteArg(field, value string, ps *ctikit.Problems) string {
	switch {
	case value == "":
		ps.Add(field, "missing")
	case strings.ContainsAny(value, "\"%!$`") || strings.ContainsFunc(value, isControl):
		ps.Add(field, "must not contain a quote, %%, !, $, ` or a control character, got %.80q", value)
	case strings.HasSuffix(value, `\`):
		ps.Add(field, `must not end in \, got %.80q`, value)
	}
	return `"` + value + `"`
}

func isControl(r rune) bool {
	return r < ' ' || r == 0x7F || r == '\u2028' || r == '\u2029' || r == '\u0085'
}
