package negotiate

import (
	"bytes"
	"fmt"
)

// Object identifiers, in DER without tag and length.
var (
	oidSPNEGO      = []byte{0x2b, 0x06, 0x01, 0x05, 0x05, 0x02}                   // 1.3.6.1.5.5.2 (RFC 4178)
	oidKerberos    = []byte{0x2a, 0x86, 0x48, 0x86, 0xf7, 0x12, 0x01, 0x02, 0x02} // 1.2.840.113554.1.2.2 (RFC 4121)
	oidKerberosOld = []byte{0x2a, 0x86, 0x48, 0x82, 0xf7, 0x12, 0x01, 0x02,
		0x02} // 1.2.840.48018.1.2.2, Windows 2000
	oidNTLM       = []byte{0x2b, 0x06, 0x01, 0x04, 0x01, 0x82, 0x37, 0x02, 0x02, 0x0a} // 1.3.6.1.4.1.311.2.2.10
	ntlmSignature = []byte("NTLMSSP\x00")                                              // [MS-NLMP] 2.2.1
)

// offer is what a client's token holds.
type offer struct {
	spnego    bool   // wrapped in SPNEGO, so the reply is too
	mechanism []byte // OID of inner's mechanism, as the client named it
	inner     []byte // the mechanism's own token: AP-REQ for Kerberos, a message for NTLM
	ntlm      bool
}

// readToken reads a token of any of the forms that browsers send: SPNEGO (first
// or later), bare Kerberos, bare NTLM.
func readToken(token []byte) (offer, error) {
	if bytes.HasPrefix(token, ntlmSignature) {
		return offer{mechanism: oidNTLM, inner: token, ntlm: true}, nil
	}
	tag, content, rest, err := readElement(token)
	if err != nil || len(rest) > 0 {
		return offer{}, errMalformed
	}
	switch tag {
	case tagContext + 1:
		return readNegTokenResp(content)
	case tagApplication:
		oid, inner, err := readTagged(tagOID, content)
		switch {
		case err != nil:
			return offer{}, err
		case bytes.Equal(oid, oidSPNEGO):
			return readNegTokenInit(inner)
		case isKerberos(oid):
			apReq, err := readKerberos(token)
			return offer{mechanism: oid, inner: apReq}, err
		}
	}
	return offer{}, errMalformed
}

func isKerberos(oid []byte) bool {
	return bytes.Equal(oid, oidKerberos) || bytes.Equal(oid, oidKerberosOld)
}

// readNegTokenInit reads the first token of a negotiation (RFC 4178 4.2.1). Only
// the token of the mechanism that the client likes best is in it.
func readNegTokenInit(b []byte) (offer, error) {
	fields, err := splitNegToken(tagContext, b)
	if err != nil {
		return offer{}, err
	}
	list, rest, err := readTagged(tagSequence, fields[0])
	if err != nil || len(rest) > 0 {
		return offer{}, errMalformed
	}
	first, _, err := readTagged(tagOID, list)
	if err != nil {
		return offer{}, err
	}
	token, rest, err := readTagged(tagOctetString, fields[2])
	if err != nil || len(rest) > 0 {
		return offer{}, errMalformed
	}
	return offerOf(first, token)
}

// readNegTokenResp reads a further token of a negotiation (RFC 4178 4.2.2).
func readNegTokenResp(b []byte) (offer, error) {
	fields, err := splitNegToken(tagContext+1, tlv(tagContext+1, b))
	if err != nil {
		return offer{}, err
	}
	token, rest, err := readTagged(tagOctetString, fields[2])
	if err != nil || len(rest) > 0 {
		return offer{}, errMalformed
	}
	if bytes.HasPrefix(token, ntlmSignature) {
		return offerOf(oidNTLM, token)
	}
	return offerOf(oidKerberos, token)
}

// splitNegToken splits the sequence in a choice into its fields by number.
func splitNegToken(choice byte, b []byte) (fields [4][]byte, err error) {
	content, rest, err := readTagged(choice, b)
	if err != nil || len(rest) > 0 {
		return fields, errMalformed
	}
	if content, rest, err = readTagged(tagSequence, content); err != nil || len(rest) > 0 {
		return fields, errMalformed
	}
	for len(content) > 0 {
		var tag byte
		var field []byte
		tag, field, content, err = readElement(content)
		if err != nil || tag < tagContext || tag > tagContext+3 || fields[tag-tagContext] != nil {
			return fields, errMalformed
		}
		fields[tag-tagContext] = field
	}
	return fields, nil
}

func offerOf(mechanism, token []byte) (offer, error) {
	o := offer{spnego: true, mechanism: mechanism, inner: token}
	switch {
	case bytes.HasPrefix(token, ntlmSignature), bytes.Equal(mechanism, oidNTLM):
		o.ntlm = true
	case isKerberos(mechanism):
		var err error
		o.inner, err = readKerberos(token)
		return o, err
	default:
		return o, fmt.Errorf("unsupported mechanism %.20x: the client must prefer Kerberos or NTLM", mechanism)
	}
	return o, nil
}

// Token identifiers in front of a Kerberos message (RFC 4121 4.1).
var (
	idAPReq = []byte{0x01, 0x00}
	idAPRep = []byte{0x02, 0x00}
)

// readKerberos takes the AP-REQ out of a GSS-API token (RFC 2743 3.1).
func readKerberos(token []byte) ([]byte, error) {
	content, rest, err := readTagged(tagApplication, token)
	if err != nil || len(rest) > 0 {
		return nil, errMalformed
	}
	oid, message, err := readTagged(tagOID, content)
	if err != nil || !isKerberos(oid) || !bytes.HasPrefix(message, idAPReq) {
		return nil, errMalformed
	}
	return message[len(idAPReq):], nil
}

// wrapReply wraps a mechanism's answer as the client wrapped its token. state is 0
// for completed, 1 for to be continued (RFC 4178 4.2.2).
func (o offer) wrapReply(state byte, token []byte) []byte {
	if !o.spnego {
		return token
	}
	fields := tlv(tagContext, tlv(tagEnumerated, []byte{state}))
	fields = append(fields, tlv(tagContext+1, tlv(tagOID, o.mechanism))...)
	if token != nil {
		fields = append(fields, tlv(tagContext+2, tlv(tagOctetString, token))...)
	}
	return tlv(tagContext+1, tlv(tagSequence, fields))
}
