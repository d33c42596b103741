package ldapsource

import (
	"fmt"
	"slices"

	"github.com/go-ldap/ldap/v3"
)

// Protocol operations (RFC 4511 4.2 to 4.14): application tags.
const (
	opBindRequest      = 0x60
	opBindResponse     = 0x61
	opUnbindRequest    = 0x42
	opSearchRequest    = 0x63
	opSearchEntry      = 0x64
	opSearchDone       = 0x65
	opSearchReference  = 0x73
	opExtendedRequest  = 0x77
	opExtendedResponse = 0x78
	opIntermediate     = 0x79
)

// Result codes that are distinguished (RFC 4511 appendix A; RFC 4533 2.5).
const (
	codeSuccess                  = 0
	codeTimeLimitExceeded        = 3
	codeSizeLimitExceeded        = 4
	codeReferral                 = 10
	codeAdminLimitExceeded       = 11
	codeNoSuchObject             = 32
	codeInsufficientAccess       = 50
	codeBusy                     = 51
	codeUnavailable              = 52
	codeUnwillingToPerform       = 53
	codeSyncRefreshRequired      = 4096
	startTLSName                 = "1.3.6.1.4.1.1466.20037"
	controlPaged                 = "1.2.840.113556.1.4.319"
	controlSync                  = "1.3.6.1.4.1.4203.1.9.1.1"
	controlSyncState             = "1.3.6.1.4.1.4203.1.9.1.2"
	controlSyncDone              = "1.3.6.1.4.1.4203.1.9.1.3"
	intermediateSyncInfo         = "1.3.6.1.4.1.4203.1.9.1.4"
	controlDirSync               = "1.2.840.113556.1.4.841"
	controlShowDeleted           = "1.2.840.113556.1.4.417"
	controlDomainScope           = "1.2.840.113556.1.4.1339"
	noAttributes                 = "1.1" // RFC 4511 4.5.1.8
	authSimple              byte = 0x80
)

// ServerError is a result other than success.
type ServerError struct {
	Operation string // "bind", "search", ...
	Code      int    // RFC 4511 appendix A
	Message   string // the server's own words
}

// Error names the operation, the code and the server's words.
func (e *ServerError) Error() string {
	name := ldap.LDAPResultCodeMap[uint16(e.Code)]
	if name == "" {
		name = "unknown result"
	}
	if e.Message == "" {
		return fmt.Sprintf("%s: result %d (%s)", e.Operation, e.Code, name)
	}
	return fmt.Sprintf("%s: result %d (%s): %.300q", e.Operation, e.Code, name, e.Message)
}

// control is one control of a message.
type control struct {
	oid      string
	critical bool
	value    []byte // nil: none
}

func appendControls(dst []byte, controls []control) []byte {
	if len(controls) == 0 {
		return dst
	}
	var list []byte
	for _, c := range controls {
		body := appendString(nil, tagOctet, c.oid)
		if c.critical {
			body = appendBoolean(body, true)
		}
		if c.value != nil {
			body = appendElement(body, tagOctet, c.value)
		}
		list = appendElement(list, tagSequence, body)
	}
	return appendElement(dst, 0xa0, list)
}

var domainScope = []control{{controlDomainScope, false, nil}}

// controlValue returns the value of one of a message's controls, nil where it
// is not among them.
func controlValue(controls []byte, oid string) ([]byte, error) {
	for len(controls) > 0 {
		body, rest, err := expectElement(controls, tagSequence)
		if err != nil {
			return nil, err
		}
		controls = rest
		name, body, err := expectElement(body, tagOctet)
		if err != nil {
			return nil, err
		}
		if string(name) != oid {
			continue
		}
		for len(body) > 0 {
			tag, value, rest, err := splitElement(body)
			if err != nil {
				return nil, err
			}
			if tag == tagOctet {
				return value, nil
			}
			body = rest
		}
	}
	return nil, nil
}

// appendMessage wraps an operation into an LDAPMessage.
func appendMessage(dst []byte, id int, op []byte, controls []control) []byte {
	body := appendInteger(nil, tagInteger, id)
	body = append(body, op...)
	return appendElement(dst, tagSequence, appendControls(body, controls))
}

func bindRequest(dn, password string) []byte {
	body := appendInteger(nil, tagInteger, 3)
	body = appendString(body, tagOctet, dn)
	return appendElement(nil, opBindRequest, appendString(body, authSimple, password))
}

func startTLSRequest() []byte {
	return appendElement(nil, opExtendedRequest, appendString(nil, 0x80, startTLSName))
}

// Scopes of a search (RFC 4511 4.5.1.2).
const (
	scopeBase = 0
	scopeOne  = 1
	scopeSub  = 2
)

// search is a search request.
type search struct {
	base       string
	scope      int
	filter     string
	attributes []string
	typesOnly  bool
	limit      int // of entries; 0 is the server's
	controls   []control
}

func (s *search) encodeSearch() ([]byte, error) {
	filter, err := ldap.CompileFilter(s.filter)
	if err != nil {
		return nil, fmt.Errorf("filter %q: %w", s.filter, err)
	}
	body := appendString(nil, tagOctet, s.base)
	body = appendInteger(body, tagEnumerated, s.scope)
	body = appendInteger(body, tagEnumerated, 0) // never dereference aliases
	body = appendInteger(body, tagInteger, s.limit)
	body = appendInteger(body, tagInteger, 0) // the server's time limit
	body = appendBoolean(body, s.typesOnly)
	body = append(body, filter.Bytes()...)
	var names []byte
	for _, a := range s.attributes {
		names = appendString(names, tagOctet, a)
	}
	return appendElement(nil, opSearchRequest, appendElement(body, tagSequence, names)), nil
}

// decodeResult decodes an LDAPResult.
func decodeResult(operation string, body []byte) error {
	raw, rest, err := expectElement(body, tagEnumerated)
	if err != nil {
		return err
	}
	code, err := decodeInteger(raw)
	if err != nil {
		return err
	}
	_, rest, err = expectElement(rest, tagOctet) // matchedDN
	if err != nil {
		return err
	}
	text, _, err := expectElement(rest, tagOctet)
	if err != nil {
		return err
	}
	if code == codeSuccess {
		return nil
	}
	return &ServerError{Operation: operation, Code: code, Message: string(slices.Clone(text))}
}
