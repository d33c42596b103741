package negotiate

import (
	"crypto/sha256"
	"io"
	"log"
	"slices"
	"strings"
	"time"

	"github.com/jcmturner/gokrb5/v8/crypto"
	"github.com/jcmturner/gokrb5/v8/iana/etypeID"
	"github.com/jcmturner/gokrb5/v8/iana/flags"
	"github.com/jcmturner/gokrb5/v8/iana/keyusage"
	"github.com/jcmturner/gokrb5/v8/iana/msgtype"
	"github.com/jcmturner/gokrb5/v8/keytab"
	"github.com/jcmturner/gokrb5/v8/messages"
	"github.com/jcmturner/gokrb5/v8/types"
)

// verifyAPReq checks an AP-REQ (RFC 4120 3.2.3) and returns who sent it, and the
// AP-REP if the client wants one. The message is only believed where a key of
// the keytab, and then the key in the ticket, have opened it.
func (a *Acceptor) verifyAPReq(message []byte) (id Identity, reply []byte, err error) {
	var req messages.APReq
	if err := recoverPanic(func() error { return req.Unmarshal(message) }); err != nil {
		return id, nil, tokenRefusal(ErrMalformed, "AP-REQ: %.200s", err.Error())
	}
	if err := a.checkShape(&req); err != nil {
		return id, nil, err
	}
	table := a.keys.currentTable()
	if err := recoverPanic(func() error { return req.Ticket.DecryptEncPart(table, nil) }); err != nil {
		return id, nil, tokenRefusal(ErrKey, "%.200s", err.Error())
	}
	ticket := &req.Ticket.DecryptedEncPart
	if !a.allowsEncryption(ticket.Key.KeyType) {
		return id, nil, tokenRefusal(ErrEncryption, "session key of type %d", ticket.Key.KeyType)
	}
	if err := recoverPanic(func() error { return req.DecryptAuthenticator(ticket.Key) }); err != nil {
		return id, nil, tokenRefusal(ErrMalformed, "authenticator: %.200s", err.Error())
	}
	if err := a.checkClient(&req); err != nil {
		return id, nil, err
	}
	if err := a.checkTimes(&req); err != nil {
		return id, nil, err
	}
	name := ticket.CName.PrincipalNameString()
	id = Identity{Name: name, Realm: ticket.CRealm, Mechanism: "Kerberos", Authenticated: ticket.AuthTime}
	readPAC(&req.Ticket, table, &id)
	if types.IsFlagSet(&req.APOptions, flags.APOptionMutualRequired) {
		reply, err = encodeAPRep(&req)
	}
	return id, reply, err
}

// checkShape refuses what need not be decrypted, and what the library would
// stumble over.
func (a *Acceptor) checkShape(req *messages.APReq) error {
	parts, service := req.Ticket.SName.NameString, req.Ticket.SName.PrincipalNameString()
	isService := func(s string) bool { return strings.EqualFold(s, service) }
	switch {
	case len(parts) == 0 || len(parts) > 4:
		return tokenRefusal(ErrMalformed, "no service name")
	case !strings.EqualFold(parts[0], "HTTP"), len(a.cfg.Services) > 0 && !slices.ContainsFunc(a.cfg.Services, isService):
		return tokenRefusal(ErrService, "%.80q", service)
	case !a.allowsEncryption(req.Ticket.EncPart.EType):
		return tokenRefusal(ErrEncryption, "ticket of type %d", req.Ticket.EncPart.EType)
	}
	// Confounder and checksum alone take more than this in every type.
	const shortest = 24
	if t, a := len(req.Ticket.EncPart.Cipher), len(req.EncryptedAuthenticator.Cipher); t < shortest || a < shortest {
		return tokenRefusal(ErrMalformed, "encrypted part of %d and %d bytes", t, a)
	}
	return nil
}

func (a *Acceptor) allowsEncryption(encryption int32) bool {
	switch encryption {
	case etypeID.AES128_CTS_HMAC_SHA1_96, etypeID.AES256_CTS_HMAC_SHA1_96,
		etypeID.AES128_CTS_HMAC_SHA256_128, etypeID.AES256_CTS_HMAC_SHA384_192:
		return true
	case etypeID.RC4_HMAC:
		return a.cfg.AllowRC4
	}
	return false
}

// checkClient compares the two statements of who the client is, and its realm
// with those allowed: the name alone says nothing.
func (a *Acceptor) checkClient(req *messages.APReq) error {
	ticket, authenticator := &req.Ticket.DecryptedEncPart, &req.Authenticator
	if !ticket.CName.Equal(authenticator.CName) || ticket.CRealm != authenticator.CRealm {
		return tokenRefusal(ErrMalformed, "ticket and authenticator name different clients")
	}
	name := ticket.CName.NameString
	if len(name) == 0 || name[0] == "" || name[0] == "WELLKNOWN" { // anonymous (RFC 8062)
		return tokenRefusal(ErrMalformed, "no client name")
	}
	if !slices.Contains(a.cfg.Realms, ticket.CRealm) {
		return tokenRefusal(ErrRealm, "%.80q", ticket.CRealm)
	}
	return nil
}

// checkTimes checks ticket and authenticator against the clock, and the
// authenticator against those seen.
func (a *Acceptor) checkTimes(req *messages.APReq) error {
	now, skew, ticket := time.Now(), a.cfg.MaxSkew, &req.Ticket.DecryptedEncPart
	start := ticket.StartTime
	if start.IsZero() {
		start = ticket.AuthTime // RFC 4120 5.3
	}
	if start.Sub(now) > skew || now.Sub(ticket.EndTime) > skew || types.IsFlagSet(&ticket.Flags, flags.Invalid) {
		return tokenRefusal(ErrExpired, "valid from %s to %s",
			start.UTC().Format(time.DateTime), ticket.EndTime.UTC().Format(time.DateTime))
	}
	made := req.Authenticator.CTime.Add(time.Duration(req.Authenticator.Cusec) * time.Microsecond)
	if apart := now.Sub(made).Abs(); apart > skew {
		return tokenRefusal(ErrClockSkew, "the client's is off by %s", apart.Round(time.Second))
	}
	if made.Before(a.since) {
		return tokenRefusal(ErrReplay, "made before this acceptor began, so it may have been used")
	}
	// The ciphertext represents the whole of it, realm and names included: the
	// same cannot come twice but as a copy, and a changed one does not decrypt.
	// Skew on both sides: no copy is good after that.
	fresh, err := a.replays.Fresh(sha256.Sum256(req.EncryptedAuthenticator.Cipher), now.Add(2*skew))
	switch {
	case err != nil:
		return tokenRefusal(ErrBusy, "%v", err)
	case !fresh:
		return tokenRefusal(ErrReplay, "by %.80q", ticket.CName.PrincipalNameString())
	}
	return nil
}

// encodeAPRep proves to the client that this server could open the ticket (RFC 4120
// 3.2.4), as a GSS-API token.
func encodeAPRep(req *messages.APReq) ([]byte, error) {
	const (
		applicationAPRep        = tagApplication + 15
		applicationEncAPRepPart = tagApplication + 27
	)
	plain := tlv(applicationEncAPRepPart, tlv(tagSequence,
		tlv(tagContext, tlv(tagGeneralizedTime, []byte(req.Authenticator.CTime.UTC().Format("20060102150405Z")))),
		tlv(tagContext+1, derInteger(req.Authenticator.Cusec))))
	key := req.Ticket.DecryptedEncPart.Key
	sealed, err := crypto.GetEncryptedData(plain, key, keyusage.AP_REP_ENCPART, 0)
	if err != nil {
		return nil, err
	}
	encrypted := tlv(tagSequence,
		tlv(tagContext, derInteger(int(sealed.EType))),
		tlv(tagContext+2, tlv(tagOctetString, sealed.Cipher)))
	message := tlv(applicationAPRep, tlv(tagSequence,
		tlv(tagContext, derInteger(5)),
		tlv(tagContext+1, derInteger(msgtype.KRB_AP_REP)),
		tlv(tagContext+2, encrypted)))
	return tlv(tagApplication, tlv(tagOID, oidKerberos), idAPRep, message), nil
}

// readPAC adds what a Windows domain controller says of the client ([MS-PAC]).
// Best effort: other KDCs issue PACs without logon information (MIT Kerberos
// from 1.20 on), and such a user is no less authenticated.
func readPAC(ticket *messages.Ticket, table *keytab.Keytab, id *Identity) {
	_ = recoverPanic(func() error {
		present, pac, err := ticket.GetPACType(table, nil, log.New(io.Discard, "", 0))
		if err != nil || !present || pac.KerbValidationInfo == nil {
			return err
		}
		id.FullName = pac.KerbValidationInfo.FullName.String()
		id.Groups = pac.KerbValidationInfo.GetGroupMembershipSIDs()
		return nil
	})
}
