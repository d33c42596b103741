package licence_test

import (
	"crypto/ed25519"
	"fmt"
	"time"

	"github.com/ctikit/ctikit/auth/licence"
)

// A vendor signs a certificate for one machine; the host installs it.
func Example() {
	public, private, err := ed25519.GenerateKey(nil) // the vendor's
	if err != nil {
		fmt.Println(err)
		return
	}
	certificate, err := licence.Sign(private, licence.Terms{
		Voucher: "V-1", Fingerprint: "machine-1", Issued: time.Now().Add(-time.Hour), Seats: map[string]int{"toolkit": 25},
	})
	if err != nil {
		fmt.Println(err)
		return
	}

	licences, err := licence.New(licence.Config{
		Keys:        []ed25519.PublicKey{public},
		Fingerprint: func() (string, error) { return "machine-1", nil },
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(licences.Status().State)
	if err := licences.Install(certificate); err != nil {
		fmt.Println(err)
		return
	}
	seats, _ := licences.Seats("", "toolkit")
	fmt.Println(licences.Status().State, seats, licences.Licensed("", "toolkit"))
	// Output:
	// no certificate
	// valid 25 <nil>
}
