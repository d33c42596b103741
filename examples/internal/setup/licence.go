package setup

import (
	"crypto/ed25519"
	"crypto/rand"
	"time"

	"github.com/ctikit/ctikit/auth/licence"
)

// ClickToCall is an application that users need a right to, and a licence.
const ClickToCall = "click to call"

// oneSeat is a licence such as a vendor issues: signed with the vendor's key, for
// the fingerprint of one machine.
func oneSeat() (*licence.Licences, error) {
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, err
	}
	const fingerprint = "this machine"
	certificate, err := licence.Sign(private, licence.Terms{
		Voucher: "example", Fingerprint: fingerprint, Issued: time.Now(), Seats: map[string]int{ClickToCall: 1},
	})
	if err != nil {
		return nil, err
	}
	l, err := licence.New(licence.Config{
		Keys:        []ed25519.PublicKey{public},
		Fingerprint: func() (string, error) { return fingerprint, nil },
	})
	if err != nil {
		return nil, err
	}
	return l, l.Install(certificate)
}
