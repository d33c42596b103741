package licence

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/ctikit/ctikit"
)

// Terms is the content of a certificate.
type Terms struct {
	Voucher     string         `json:"voucher"`     // serial number of the order
	Fingerprint string         `json:"fingerprint"` // of the machine
	Issued      time.Time      `json:"issued"`
	Expires     time.Time      `json:"expires,omitzero"` // zero is never
	Seats       map[string]int `json:"seats,omitempty"`  // application → number of users, of all companies together
	// Companies are the seats of single companies: key of the company →
	// application → number of users. Such a company has no part in Seats of the
	// same application.
	Companies map[string]map[string]int `json:"companies,omitempty"`
}

// header precedes the text of a certificate and under its signature,
// so that a signature made for anything else is worth nothing here.
const header = "ctikit-licence-v1."

// maxCertificate bounds the text of a certificate, in bytes.
const maxCertificate = 64 * 1024

// maxSeats is more than any installation has.
const maxSeats = 10_000_000

// Errors that say what is wrong with a certificate.
var (
	ErrMalformed = errors.New("licence: not a certificate")
	ErrSignature = errors.New("licence: the certificate is not signed by a known key")
)

func (t Terms) checkTerms() error {
	var ps ctikit.Problems
	if t.Voucher == "" {
		ps.Add("voucher", "missing")
	}
	if t.Fingerprint == "" {
		ps.Add("fingerprint", "missing")
	}
	if t.Issued.IsZero() {
		ps.Add("issued", "missing")
	} else if !t.Expires.IsZero() && !t.Expires.After(t.Issued) {
		ps.Add("expires", "must be after issued, got %s", t.Expires.Format(time.RFC3339))
	}
	if len(t.Seats) == 0 && len(t.Companies) == 0 {
		ps.Add("seats", "missing")
	}
	checkSeats(&ps, "seats", t.Seats)
	for _, company := range slices.Sorted(maps.Keys(t.Companies)) {
		seats := t.Companies[company]
		path := fmt.Sprintf("companies[%.40q]", company)
		if company == "" {
			ps.Add(path, "the company has no name")
		}
		if len(seats) == 0 {
			ps.Add(path, "no seats")
		}
		checkSeats(&ps, path, seats)
	}
	return ps.Err()
}

func checkSeats(ps *ctikit.Problems, path string, numbers map[string]int) {
	for _, application := range slices.Sorted(maps.Keys(numbers)) {
		seats := numbers[application]
		path := fmt.Sprintf("%s[%.40q]", path, application)
		if application == "" {
			ps.Add(path, "the application has no name")
		}
		if seats < 1 || seats > maxSeats {
			ps.Add(path, "must be between 1 and %d seats, got %d", maxSeats, seats)
		}
	}
}

// Sign makes a certificate: one line of text. It is for the vendor's tools; never
// put the key into an application.
func Sign(key ed25519.PrivateKey, terms Terms) (string, error) {
	if len(key) != ed25519.PrivateKeySize {
		return "", errors.New("licence: not an Ed25519 private key")
	}
	if err := terms.checkTerms(); err != nil {
		return "", fmt.Errorf("licence: %w", err)
	}
	payload, err := json.Marshal(terms)
	if err != nil {
		return "", err
	}
	signed := header + base64.RawURLEncoding.EncodeToString(payload)
	return signed + "." + base64.RawURLEncoding.EncodeToString(ed25519.Sign(key, []byte(signed))), nil
}

// verify checks the signature before it reads anything else.
func verify(keys []ed25519.PublicKey, certificate string) (Terms, error) {
	certificate = strings.TrimSpace(certificate)
	dot := strings.LastIndexByte(certificate, '.')
	if len(certificate) > maxCertificate || dot < len(header) || !strings.HasPrefix(certificate, header) {
		return Terms{}, ErrMalformed
	}
	signed := certificate[:dot]
	signature, err := base64.RawURLEncoding.Strict().DecodeString(certificate[dot+1:])
	if err != nil {
		return Terms{}, ErrMalformed
	}
	if !signedBy(keys, signed, signature) {
		return Terms{}, ErrSignature
	}
	payload, err := base64.RawURLEncoding.Strict().DecodeString(signed[len(header):])
	if err != nil {
		return Terms{}, ErrMalformed
	}
	var terms Terms
	dec := json.NewDecoder(bytes.NewReader(payload))
	dec.DisallowUnknownFields() // a condition of a later version must not be skipped
	if err := dec.Decode(&terms); err != nil {
		return Terms{}, fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	if err := terms.checkTerms(); err != nil {
		return Terms{}, fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	return terms, nil
}

func signedBy(keys []ed25519.PublicKey, text string, signature []byte) bool {
	for _, key := range keys {
		if ed25519.Verify(key, []byte(text), signature) {
			return true
		}
	}
	return false
}
