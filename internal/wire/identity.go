package wire

import (
	"crypto/sha256"
	"crypto/tls"
	"fmt"
	"io"
	"reflect"
	"unsafe"
)

// Identity returns a text that is equal for two endpoints that are reached in
// the same way, and different otherwise. Every field of the TLS configuration
// counts, so one that is added to tls.Config later counts as well:
//
//   - a certificate by its DER, so reading the same file again changes nothing;
//   - functions (Dial, VerifyConnection …) and what an interface or a pointer
//     refers to (RootCAs, KeyLogWriter, ClientSessionCache) by identity: the same
//     value must be given again, and two closures of one function differ. A pool
//     or cache that is changed in place is not noticed;
//   - anything else by its value.
func (e Endpoint) Identity() string {
	secure := "no"
	if e.TLS != nil {
		h := sha256.New()
		fingerprintTLS(h, e.TLS)
		secure = fmt.Sprintf("%x", h.Sum(nil)[:16])
	}
	return e.Address() + " tls=" + secure + " dial=" + Identify(e.Dial)
}

// Identify returns the identity of a value that cannot be compared by content,
// such as a function or a writer: equal for the same one, "none" for no value.
func Identify(v any) string {
	r := reflect.ValueOf(v)
	if !r.IsValid() {
		return "none"
	}
	h := sha256.New()
	fingerprint(h, r)
	return fmt.Sprintf("%x", h.Sum(nil)[:8])
}

func fingerprintTLS(w io.Writer, c *tls.Config) {
	v := reflect.ValueOf(c).Elem()
	for i := range v.NumField() {
		switch f := v.Type().Field(i); {
		case !f.IsExported():
		case f.Type == reflect.TypeFor[[]tls.Certificate]():
			fmt.Fprintf(w, "%s %d;", f.Name, len(c.Certificates))
			for j := range c.Certificates {
				fingerprintCertificate(w, &c.Certificates[j])
			}
		default:
			fmt.Fprintf(w, "%s=", f.Name)
			fingerprint(w, v.Field(i))
		}
	}
}

// fingerprintCertificate leaves the key and the parsed leaf out: the certificate
// names the key, and both are pointers that a second reading of the file changes.
func fingerprintCertificate(w io.Writer, c *tls.Certificate) {
	fmt.Fprintf(w, "%x %v %x %x;", c.Certificate, c.SupportedSignatureAlgorithms, c.OCSPStaple,
		c.SignedCertificateTimestamps)
}

// fingerprint writes what identifies a value, and its type.
func fingerprint(w io.Writer, v reflect.Value) {
	fmt.Fprintf(w, "%v:", v.Type())
	switch v.Kind() {
	case reflect.Func:
		fmt.Fprintf(w, "%p;", closureOf(v))
	case reflect.Pointer, reflect.Map, reflect.Chan, reflect.UnsafePointer:
		fmt.Fprintf(w, "%p;", v.UnsafePointer())
	case reflect.Interface:
		if v.IsNil() {
			fmt.Fprint(w, "nil;")
			return
		}
		fingerprint(w, v.Elem())
	case reflect.Slice, reflect.Array:
		if v.Kind() == reflect.Slice && v.IsNil() { // no cipher suites are not the default ones
			fmt.Fprint(w, "nil;")
			return
		}
		fmt.Fprintf(w, "%d;", v.Len())
		for i := range v.Len() {
			fingerprint(w, v.Index(i))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			fingerprint(w, v.Field(i))
		}
	default:
		fmt.Fprintf(w, "%#v;", v)
	}
}

// closureOf returns the address of a function with the variables that it
// captured. reflect.Value.Pointer is that of its code, which all closures of one
// function literal share.
func closureOf(f reflect.Value) unsafe.Pointer {
	if !f.CanInterface() {
		return f.UnsafePointer()
	}
	i := f.Interface()
	return (*[2]unsafe.Pointer)(unsafe.Pointer(&i))[1]
}
