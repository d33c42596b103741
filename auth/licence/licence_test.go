package licence

import (
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

func newKey(t testing.TB) (ed25519.PublicKey, ed25519.PrivateKey) {
	t.Helper()
	public, private, err := ed25519.GenerateKey(nil)
	require.NoError(t, err)
	return public, private
}

func terms() Terms {
	return Terms{Voucher: "V-1", Fingerprint: "machine", Issued: time.Now().UTC(), Expires: time.Now().UTC().Add(30 * 24 * time.Hour), Seats: map[string]int{"caller": 3, "toolkit": 1}}
}

func install(t testing.TB, grace time.Duration, change func(*Terms)) (*Licences, error) {
	t.Helper()
	public, private := newKey(t)
	l, err := New(Config{Keys: []ed25519.PublicKey{public}, Grace: grace, Fingerprint: func() (string, error) { return "machine", nil }})
	require.NoError(t, err)
	given := terms()
	if change != nil {
		change(&given)
	}
	certificate, err := Sign(private, given)
	require.NoError(t, err)
	return l, l.Install(certificate + "\n")
}

func TestStates(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		public, private := newKey(t)
		fingerprint, failure := "", errors.New("no network card")
		l, err := New(Config{Keys: []ed25519.PublicKey{public}, Grace: 10 * 24 * time.Hour, Fingerprint: func() (string, error) { return fingerprint, failure }})
		require.NoError(t, err)
		require.Equal(t, NoFingerprint, l.Status().State)
		require.ErrorIs(t, l.Status().Reason, failure)
		fingerprint, failure = "machine", nil
		require.Equal(t, NoCertificate, l.Status().State)
		require.Equal(t, "machine", l.Status().Fingerprint)
		require.Error(t, l.Licensed("", "toolkit"))

		require.ErrorIs(t, l.Install("rubbish"), ErrMalformed)
		require.Equal(t, Invalid, l.Status().State)
		certificate, err := Sign(private, terms())
		require.NoError(t, err)
		require.NoError(t, l.Install(certificate))
		require.Equal(t, Valid, l.Status().State)
		require.NoError(t, l.Status().Reason)
		require.NoError(t, l.Licensed("", "toolkit"))
		require.ErrorContains(t, l.Licensed("", "recorder"), `V-1 has no licence for "recorder"`)
		seats, counted := l.Seats("", "caller")
		require.Equal(t, []any{3, true}, []any{seats, counted})

		time.Sleep(31 * 24 * time.Hour)
		require.Equal(t, Valid, l.Status().State, "grace")
		require.ErrorContains(t, l.Status().Reason, "in force until")
		time.Sleep(10 * 24 * time.Hour)
		require.Equal(t, Invalid, l.Status().State)
		require.ErrorContains(t, l.Status().Reason, "expired on")
		seats, counted = l.Seats("", "caller")
		require.Equal(t, []any{0, true}, []any{seats, counted})
		failure = errors.New("gone")
		require.Equal(t, NoFingerprint, l.Status().State)
	})
}

// TestSeatsOfCompanies: what one company has paid for is not another's.
func TestSeatsOfCompanies(t *testing.T) {
	l, err := install(t, 0, func(t *Terms) { t.Companies = map[string]map[string]int{"acme": {"caller": 7, "recorder": 2}} })
	require.NoError(t, err)
	for _, test := range []struct {
		company, application string
		seats                int
		counted              bool
	}{
		{"", "caller", 3, true}, {"acme", "caller", 7, true}, {"other", "caller", 0, false},
		{"", "recorder", 0, true}, {"acme", "recorder", 2, true}, {"acme", "toolkit", 0, false}, {"", "nothing", 0, true},
	} {
		seats, counted := l.Seats(test.company, test.application)
		require.Equal(t, []any{test.seats, test.counted}, []any{seats, counted}, "%+v", test)
	}
	require.NoError(t, l.Licensed("acme", "recorder"))
	require.Error(t, l.Licensed("other", "recorder"))
	require.Error(t, l.Licensed("", "recorder"))
	require.NoError(t, l.Licensed("acme", "toolkit"), "shared by all")

	l, err = install(t, 0, func(t *Terms) {
		t.Seats, t.Companies = nil, map[string]map[string]int{"acme": {"caller": 7}}
		t.Issued, t.Expires = t.Issued.AddDate(-2, 0, 0), t.Issued.AddDate(-1, 0, 0)
	})
	require.NoError(t, err)
	seats, counted := l.Seats("acme", "caller")
	require.Equal(t, []any{0, false}, []any{seats, counted}, "expired")
	seats, counted = l.Seats("", "caller")
	require.Equal(t, []any{0, true}, []any{seats, counted}, "so nobody has a licence")
}

func TestUnlimitedAndEarly(t *testing.T) {
	l, err := install(t, 0, func(t *Terms) { t.Expires = time.Time{} })
	require.NoError(t, err)
	require.Equal(t, Valid, l.Status().State)
	require.Zero(t, l.Status().Until)
	l, err = install(t, 0, func(t *Terms) { t.Issued, t.Expires = time.Now().Add(72*time.Hour), time.Time{} })
	require.NoError(t, err)
	require.ErrorContains(t, l.Status().Reason, "clock")
	l, err = install(t, 0, func(t *Terms) { t.Issued, t.Expires = t.Issued.AddDate(-2, 0, 0), t.Issued.AddDate(-1, 0, 0) })
	require.NoError(t, err)
	require.Equal(t, Invalid, l.Status().State, "no grace unless configured")
}

func TestAttackFlippedBit(t *testing.T) {
	public, private := newKey(t)
	certificate, err := Sign(private, terms())
	require.NoError(t, err)
	for i := range len(certificate) {
		for bit := range 8 {
			forged := []byte(certificate)
			forged[i] ^= 1 << bit
			if strings.TrimSpace(string(forged)) == certificate {
				continue
			}
			_, err := verify([]ed25519.PublicKey{public}, string(forged))
			require.Error(t, err, "byte %d bit %d", i, bit)
		}
	}
	for _, text := range []string{"", header, header + ".", certificate + "=", certificate[:len(certificate)-1], strings.Repeat("x", 1<<20), header + strings.Repeat("A", 1<<17) + ".AA"} {
		_, err := verify([]ed25519.PublicKey{public}, text)
		require.Error(t, err)
	}
}

func TestAttackOtherMachine(t *testing.T) {
	l, err := install(t, 0, func(t *Terms) { t.Fingerprint = "another" })
	require.NoError(t, err, "kept, to say why")
	require.Equal(t, Invalid, l.Status().State)
	require.ErrorContains(t, l.Status().Reason, "another machine")
	require.Error(t, l.Licensed("", "toolkit"))
}

func TestAttackForeignKey(t *testing.T) {
	l, err := install(t, 0, nil)
	require.NoError(t, err)
	_, foreign := newKey(t)
	certificate, err := Sign(foreign, terms())
	require.NoError(t, err)
	require.ErrorIs(t, l.Install(certificate), ErrSignature)
	require.Equal(t, Valid, l.Status().State, "the good one stays")

	payload := base64.RawURLEncoding.EncodeToString([]byte(`{"voucher":"V"}`))
	other := base64.RawURLEncoding.EncodeToString(ed25519.Sign(foreign, []byte("something else")))
	require.ErrorIs(t, l.Install(header+payload+"."+other), ErrSignature)
}

// TestFingerprintMayAskBack: the host's function runs under no lock of ours, so
// that it may look at the licences, or take its time.
func TestFingerprintMayAskBack(t *testing.T) {
	public, private := newKey(t)
	var l *Licences
	asking := false
	l, err := New(Config{Keys: []ed25519.PublicKey{public}, Fingerprint: func() (string, error) {
		if l != nil && !asking {
			asking = true
			l.Status()
			asking = false
		}
		return "machine", nil
	}})
	require.NoError(t, err)
	certificate, err := Sign(private, terms())
	require.NoError(t, err)
	done := make(chan error, 1)
	go func() {
		err := l.Install(certificate)
		done <- errors.Join(err, l.Install(certificate), l.Licensed("", "toolkit"))
	}()
	select {
	case err := <-done:
		require.NoError(t, err)
	case <-time.After(20 * time.Second):
		t.Fatal("they wait for each other")
	}
}

func TestGoodCertificateStays(t *testing.T) {
	public, private := newKey(t)
	l, err := New(Config{Keys: []ed25519.PublicKey{public}, Fingerprint: func() (string, error) { return "machine", nil }})
	require.NoError(t, err)
	good, err := Sign(private, terms())
	require.NoError(t, err)
	require.NoError(t, l.Install(good))
	expired := terms()
	expired.Issued, expired.Expires = expired.Issued.AddDate(-1, 0, 0), expired.Issued.Add(-time.Hour)
	old, err := Sign(private, expired)
	require.NoError(t, err)
	require.ErrorContains(t, l.Install(old), "stays: licence: expired")
	require.Equal(t, Valid, l.Status().State)
}

func TestMistakesAllAtOnce(t *testing.T) {
	_, err := New(Config{Keys: []ed25519.PublicKey{nil}, Grace: -1})
	for _, complaint := range []string{"keys[0]", "fingerprint", "grace"} {
		require.ErrorContains(t, err, complaint)
	}
	_, private := newKey(t)
	_, err = Sign(private, Terms{Seats: map[string]int{"caller": -1}, Companies: map[string]map[string]int{"": nil, "acme": {"caller": 0}}})
	for _, complaint := range []string{"voucher", "fingerprint", "issued", `seats["caller"]`, `companies[""]`, `companies["acme"]["caller"]`} {
		require.ErrorContains(t, err, complaint)
	}
	_, err = Sign(nil, terms())
	require.Error(t, err)
}

// TestUnknownCondition: a signed certificate with a field of a later version is
// refused, since the field may be a restriction.
func TestUnknownCondition(t *testing.T) {
	public, private := newKey(t)
	signed := header + base64.RawURLEncoding.EncodeToString([]byte(`{"voucher":"V","fingerprint":"machine","issued":"2026-01-01T00:00:00Z","seats":{"caller":1},"onlyOnSundays":true}`))
	_, err := verify([]ed25519.PublicKey{public}, signed+"."+base64.RawURLEncoding.EncodeToString(ed25519.Sign(private, []byte(signed))))
	require.ErrorIs(t, err, ErrMalformed)
}

func FuzzCertificate(f *testing.F) {
	public, private, err := ed25519.GenerateKey(nil)
	require.NoError(f, err)
	good, err := Sign(private, terms())
	require.NoError(f, err)
	f.Add(good)
	f.Add(header + "e30.")
	f.Fuzz(func(t *testing.T, text string) {
		if _, err := verify([]ed25519.PublicKey{public}, text); err == nil {
			require.Equal(t, good, strings.TrimSpace(text), "nothing but what was signed")
		}
	})
}
