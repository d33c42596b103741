package ctikit

import (
	"bytes"
	"encoding/base64"
	"encoding/gob"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSeal(t *testing.T) {
	key, other := SealKeyOf([32]byte{1}), SealKeyOf([32]byte{2})
	sealed, err := key.Seal(NewSecret("1234"), Binding{Kind: BindExtension, ID: "4001"})
	require.NoError(t, err)
	require.True(t, IsSealed(sealed))
	opened, err := key.Open(sealed, Binding{Kind: BindExtension, ID: "4001"})
	require.NoError(t, err)
	require.True(t, opened.Equal(NewSecret("1234")))

	for name, open := range map[string]func() (Secret, error){
		"another key":   func() (Secret, error) { return other.Open(sealed, Binding{Kind: BindExtension, ID: "4001"}) },
		"another place": func() (Secret, error) { return key.Open(sealed, Binding{Kind: BindExtension, ID: "4002"}) },
		"not sealed":    func() (Secret, error) { return key.Open("1234", Binding{Kind: BindExtension, ID: "4001"}) },
		"too short":     func() (Secret, error) { return key.Open(sealPrefix+"AAAA", Binding{Kind: BindExtension, ID: "4001"}) },
	} {
		t.Run(name, func(t *testing.T) {
			got, err := open()
			require.ErrorIs(t, err, ErrSealed)
			require.True(t, got.IsZero())
			require.NotContains(t, err.Error(), "1234")
		})
	}
	empty, err := key.Seal(Secret{}, Binding{})
	require.NoError(t, err)
	require.Empty(t, empty)
}

// TestSealChanged: a sealed text with any character changed does not open, the
// unused bits of the last one included. Nonces are random, so several.
func TestSealChanged(t *testing.T) {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="
	key := SealKeyOf([32]byte{1})
	for range 3 {
		sealed, err := key.Seal(NewSecret("1234"), Binding{Kind: BindExtension, ID: "4001"})
		require.NoError(t, err)
		for i := len(sealPrefix); i < len(sealed); i++ {
			for _, other := range []byte(letters) {
				if other != sealed[i] {
					_, err := key.Open(sealed[:i]+string(other)+sealed[i+1:], Binding{Kind: BindExtension, ID: "4001"})
					require.ErrorIs(t, err, ErrSealed, "character %d: %q for %q", i, other, sealed[i])
				}
			}
		}
	}
}

// Texts that were sealed before there was a Binding still open.
func TestBindingOfVersion1(t *testing.T) {
	for _, test := range []struct {
		context, sealed string
		b               Binding
	}{
		{"link/paris", "sealed:v1:EaZRPDURTs41iABONlwbRxLZZHPdVTbcoWZqj8Xd", Binding{Kind: BindLink, ID: "paris", Protocol: "csta", Host: "pbx", Port: "3211", User: "cti"}},
		{"extension/4001", "sealed:v1:Nd1Q+/JxnxhTqyX031xwCHJvCB4+Wk/SNd7IKRTm", Binding{Kind: BindExtension, ID: "4001"}},
		{"user/7/extension/4001", "sealed:v1:QqWmJ2mxuz5XkaPzUDkHuP8JdJIm91UUaYnY7IYU", Binding{Kind: BindExtension, ID: "4001", User: "7", Company: "acme"}},
		{"user/7/voiceMail", "sealed:v1:hsbF3y30j1bUln0wlj9K6u426IoRoCsyidOgMxLu", Binding{Kind: BindVoiceMail, User: "7", Company: "acme"}},
		{"import/ad/password", "sealed:v1:gv/ZoXVCVcs+bBO4n5WFh6UM25bVOlikiO/hyCKE", Binding{Kind: BindImport, ID: "ad", Name: "password", Host: "dc", User: "cn=sync"}},
		{"account/bob", "sealed:v1:GcrataUiAFQnm2LGM6sdcSC8sOt4eHuf+/V83XTe", Binding{Kind: BindAccount, ID: "bob"}},
	} {
		require.Equal(t, test.context, test.b.String())
		opened, err := SealKeyOf([32]byte{1}).Open(test.sealed, test.b)
		require.NoError(t, err, test.context)
		require.Equal(t, "pw", opened.Reveal())
		test.b.ID, test.b.User = test.b.ID+"0", test.b.User+"0"
		_, err = SealKeyOf([32]byte{1}).Open(test.sealed, test.b)
		require.ErrorIs(t, err, ErrSealed)
		require.ErrorContains(t, err, "open secret of "+test.b.String())
	}
}

func TestSealKeyIsMadeAndParsed(t *testing.T) {
	k := NewSealKey()
	require.False(t, k.Equal(NewSealKey()))
	for _, text := range []string{k.Encode(), strings.ToUpper(k.Encode()), " " + k.Encode() + "\n", base64.StdEncoding.EncodeToString([]byte(*k.bytes))} {
		back, err := ParseSealKey(text)
		require.NoError(t, err)
		require.True(t, k.Equal(back))
	}
	for _, bad := range []string{"", "00", k.Encode()[1:], k.Encode() + "0", "g" + k.Encode()[1:], strings.Repeat("*", 44), strings.Repeat("A", 44)} {
		_, err := ParseSealKey(bad)
		require.ErrorContains(t, err, "seal key: must be 64 hexadecimal digits or 44 characters of base64", bad)
		if len(bad) > 8 {
			require.NotContains(t, err.Error(), bad[1:])
		}
	}
}

// A key that somebody forgot to fill in seals nothing.
func TestZeroKeyIsRefused(t *testing.T) {
	var k SealKey
	b := Binding{Kind: BindLink, ID: "paris"}
	_, err := k.Seal(NewSecret("pw"), b)
	require.ErrorContains(t, err, "the seal key is empty")
	_, err = NewKeyring(k).Seal(NewSecret("pw"), b)
	require.ErrorContains(t, err, "the seal key is empty")
	sealed, err := SealKeyOf([32]byte{1}).Seal(NewSecret("pw"), b)
	require.NoError(t, err)
	_, err = k.Open(sealed, b)
	require.ErrorContains(t, err, "the seal key is empty")
	_, err = ParseSealKey(k.Encode())
	require.ErrorContains(t, err, "the seal key is empty")
}

// TestSealKeyNeverPrints: neither the bytes nor their text come out of any verb
// or encoder, whatever the key sits in.
func TestSealKeyNeverPrints(t *testing.T) {
	const bytesOfKey = "0123456789abcdef0123456789abcdef"
	k := SealKeyOf([32]byte([]byte(bytesOfKey)))
	ring := NewKeyring(k, k)
	values := []any{k, &k, ring, *ring, []SealKey{k}, map[string]SealKey{"k": k},
		struct{ K SealKey }{k}, struct{ k SealKey }{k}, &struct{ k SealKey }{k}, struct{ k *SealKey }{&k},
		struct{ R *Keyring }{ring}, struct{ r *Keyring }{ring}, struct{ R Keyring }{*ring}, struct{ r Keyring }{*ring}, &struct{ r Keyring }{*ring}}
	leaks := []string{bytesOfKey[:10], "48 49 50", "48,49,50", "3031323334", "30 31 32", "0x30, 0x31", "0x30 0x31", "U+0030", "110000 110001", "60 61 62", "'0'",
		base64.StdEncoding.EncodeToString([]byte(bytesOfKey))[:10]}
	hidden := func(text, how string, v any) {
		for _, leak := range leaks {
			require.NotContains(t, strings.ToLower(text), strings.ToLower(leak), "%s of %T", how, v)
		}
	}
	for _, v := range values {
		for verb := '!'; verb <= '~'; verb++ {
			for _, flag := range []string{"", "+", "#", " ", "0", "# ", "-90"} {
				form := "%" + flag + string(verb)
				hidden(fmt.Sprintf(form, v), form, v)
			}
		}
		for _, handler := range []func(io.Writer) slog.Handler{
			func(w io.Writer) slog.Handler { return slog.NewTextHandler(w, nil) },
			func(w io.Writer) slog.Handler { return slog.NewJSONHandler(w, nil) },
		} {
			var out bytes.Buffer
			slog.New(handler(&out)).Info("m", "v", v)
			hidden(out.String(), "slog", v)
		}
		js, err := json.Marshal(v)
		require.NoError(t, err)
		hidden(string(js), "json", v)
		text, _ := xml.Marshal(v) // it encodes no map
		hidden(string(text), "xml", v)
		var out bytes.Buffer
		require.Error(t, gob.NewEncoder(&out).Encode(v), "%T: a key that is lost on the way", v)
		hidden(out.String(), "gob", v)
	}
	js, err := json.Marshal(map[string]any{"k": k, "r": ring})
	require.NoError(t, err)
	require.JSONEq(t, `{"k":"[redacted]","r":"[redacted]"}`, string(js))
	for _, v := range []any{k, &k, ring, *ring} {
		require.Equal(t, `[redacted] "[redacted]" "[redacted]"`, fmt.Sprintf("%[1]v %[1]q %#[1]v", v))
	}
	var none *Keyring
	require.Equal(t, "<nil>", fmt.Sprint(none))
}

func TestSealKeyEqual(t *testing.T) {
	a := SealKeyOf([32]byte{1})
	require.True(t, a.Equal(SealKeyOf([32]byte{1})))
	require.False(t, a.Equal(SealKeyOf([32]byte{2})))
	require.False(t, a.Equal(SealKey{}))
	require.Equal(t, SealKey{}, SealKeyOf([32]byte{}), "no key")
}

// A keyring that nothing was put into seals and opens nothing.
func TestKeyringWithoutKeys(t *testing.T) {
	b := Binding{Kind: BindLink, ID: "paris"}
	sealed, err := NewSealKey().Seal(NewSecret("pw"), b)
	require.NoError(t, err)
	for _, ring := range []*Keyring{nil, {}, NewKeyring(SealKey{})} {
		_, err := ring.Seal(NewSecret("pw"), b)
		require.ErrorIs(t, err, errNoKey)
		_, err = ring.Open(sealed, b)
		require.ErrorIs(t, err, errNoKey)
	}
}

func TestKeyringOpensWhatAnOldKeySealed(t *testing.T) {
	b := Binding{Kind: BindLink, ID: "paris"}
	old, current := NewSealKey(), NewSealKey()
	before, err := NewKeyring(old).Seal(NewSecret("pw"), b)
	require.NoError(t, err)
	ring := NewKeyring(current, old)
	opened, err := ring.Open(before, b)
	require.NoError(t, err)
	require.Equal(t, "pw", opened.Reveal())
	now, err := ring.Seal(NewSecret("pw"), b)
	require.NoError(t, err)
	_, err = NewKeyring(old).Open(now, b)
	require.ErrorIs(t, err, ErrSealed, "sealed with the current key")
}
