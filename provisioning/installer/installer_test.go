package installer_test

import (
	"fmt"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/internal/testenv"
	"github.com/ctikit/ctikit/provisioning/installer"
)

// The examples of notes ch. 5.
func TestWindows(t *testing.T) {
	const msi = "Avaya Workplace Setup.msi"
	for want, w := range map[string]installer.Windows{
		`msiexec /i "Avaya Workplace Setup.msi"`:                                   {MSI: msi},
		`msiexec /i "Avaya Workplace Setup 3.20.1.10.2.msi" /qn OP=0`:              {MSI: "Avaya Workplace Setup 3.20.1.10.2.msi", Silent: true, NoOutlook: true},
		`msiexec /i "Avaya Workplace Setup.msi" /l*v"C:/temp"`:                     {MSI: msi, Log: "C:/temp"},
		`msiexec /i "Avaya Workplace Setup.msi" IMPROVIDER=1`:                      {MSI: msi, IMProvider: true},
		`msiexec /i "Avaya Workplace Setup.msi" NOQOS=0`:                           {MSI: msi, QoS: true},
		`msiexec /i "Avaya Workplace Setup.msi" BP=0`:                              {MSI: msi, NoBrowser: true},
		`msiexec /i "Avaya Workplace Setup.msi" VDIENV=1`:                          {MSI: msi, VDI: true, Spaces: true},
		`msiexec /i "s.msi" AUTOCONFIG="https://pbx.example.com/46xxsettings.txt"`: {MSI: "s.msi", SettingsURL: "https://pbx.example.com/46xxsettings.txt"},
	} {
		got, err := w.Install()
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
	got, err := installer.Windows{MSI: msi, Silent: true, VDI: true}.Uninstall()
	require.NoError(t, err)
	require.Equal(t, `msiexec /x "Avaya Workplace Setup.msi" /qn`, got)
}

func TestRefused(t *testing.T) {
	const url = "https://pbx.example.com/46xxsettings.txt"
	for _, w := range []installer.Windows{
		{}, {MSI: `a" & del "b`}, {MSI: "%TEMP%"}, {MSI: "a\nb"}, {MSI: `C:\dir\`}, {MSI: "$(x)"}, {MSI: "a`b"}, {MSI: "a!b"}, {MSI: "a", Log: `"`},
		{MSI: "a", SettingsURL: url, Spaces: true}, {MSI: "a", SettingsURL: "https://192.0.2.1/46xxsettings.txt"}, {MSI: "a", SettingsURL: `https://h/" OP=0`}, {MSI: "a", SettingsURL: "https://h/%41"},
	} {
		got, err := w.Install()
		require.ErrorIs(t, err, ctikit.ErrInvalid, "%+v", w)
		require.Empty(t, got)
	}
	_, err := installer.Windows{MSI: "%", Log: "%"}.Install()
	require.ErrorContains(t, err, "MSI")
	require.ErrorContains(t, err, "Log", "all problems at once")
	for _, m := range []installer.MacOS{{Volume: "/Volumes/x; rm -rf /"}, {Volume: "x"}, {Volume: "/x/"}, {Volume: "/a'b"}, {SettingsURL: "https://h/'"}, {SettingsURL: "x"}} {
		got, err := m.Install()
		require.ErrorIs(t, err, ctikit.ErrInvalid, "%+v", m)
		require.Empty(t, got)
	}
	_, err = installer.MacOS{Volume: "$x"}.Uninstall()
	require.ErrorIs(t, err, ctikit.ErrInvalid)
}

// A shell takes the words apart as meant.
func TestMacOSInShell(t *testing.T) {
	sh := testenv.Tool(t, "sh", "sh")
	line, err := installer.MacOS{SettingsURL: "https://pbx.example.com/46xxsettings.txt?a=1&b=$HOME"}.Install()
	require.NoError(t, err)
	out, err := exec.Command(sh, "-c", "printf '%s\n' "+line).Output()
	require.NoError(t, err)
	require.Equal(t, []string{"/Volumes/Avaya Equinox/Install.app/Contents/MacOS/Install", "-silent", "-autoconfigURL", "https://pbx.example.com/46xxsettings.txt?a=1&b=$HOME"},
		strings.Split(strings.TrimSpace(string(out)), "\n"))
}

func Example() {
	windows, err := installer.Windows{MSI: "Avaya Workplace Setup.msi", Silent: true, SettingsURL: "https://pbx.example.com/46xxsettings.txt"}.Install()
	fmt.Println(windows, err)
	mac, err := installer.MacOS{SettingsURL: "https://pbx.example.com/46xxsettings.txt"}.Install()
	fmt.Println(mac, err)
	mac, err = installer.MacOS{}.Uninstall()
	fmt.Println(mac, err)
	// Output:
	// msiexec /i "Avaya Workplace Setup.msi" /qn AUTOCONFIG="https://pbx.example.com/46xxsettings.txt" <nil>
	// /Volumes/Avaya\ Equinox/Install.app/Contents/MacOS/Install -silent -autoconfigURL https://pbx.example.com/46xxsettings.txt <nil>
	// sudo /Volumes/Avaya\ Equinox/Uninstall.app/Contents/MacOS/Uninstall -silent <nil>
}
