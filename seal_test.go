package ctikit

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSeal(t *testing.T) {
	key, other := SealKey{1}, SealKey{2}
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
	key := SealKey{1}
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
		opened, err := SealKey{1}.Open(test.sealed, test.b)
		require.NoError(t, err, test.context)
		require.Equal(t, "pw", opened.Reveal())
		test.b.ID, test.b.User = test.b.ID+"0", test.b.User+"0"
		_, err = SealKey{1}.Open(test.sealed, test.b)
		require.ErrorIs(t, err, ErrSealed)
		require.ErrorContains(t, err, "open secret of "+test.b.String())
	}
}

func TestSealKeyIsMadeAndParsed(t *testing.T) {
	k := NewSealKey()
	require.NotEqual(t, k, NewSealKey())
	for _, text := range []string{k.Encode(), strings.ToUpper(k.Encode()), " " + k.Encode() + "\n", base64.StdEncoding.EncodeToString(k[:])} {
		back, err := ParseSealKey(text)
		require.NoError(t, err)
		require.Equal(t, k, back)
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
	sealed, err := SealKey{1}.Seal(NewSecret("pw"), b)
	require.NoError(t, err)
	_, err = k.Open(sealed, b)
	require.ErrorContains(t, err, "the seal key is empty")
	_, err = ParseSealKey(k.Encode())
	require.ErrorContains(t, err, "the seal key is empty")
}

func TestSealKeyNeverPrints(t *testing.T) {
	k := SealKey([]byte("0123456789abcdef0123456789abcdef"))
	js, err := json.Marshal(map[string]any{"k": k})
	require.NoError(t, err)
	require.JSONEq(t, `{"k":"[redacted]"}`, string(js))
	for _, v := range []any{k, &k, NewKeyring(k), struct{ K SealKey }{k}, struct{ R *Keyring }{NewKeyring(k)}} {
		for _, verb := range []string{"%d", "%x", "%v", "%+v", "%#v", "%s", "%q", "%c", "%U", "%b", "%o"} {
			text := fmt.Sprintf(verb, v)
			for _, leak := range []string{"0123", "48 49", "3031", "0x30", "U+0030", "110000", "60 61"} {
				require.NotContains(t, text, leak, "%s of %T", verb, v)
			}
		}
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
