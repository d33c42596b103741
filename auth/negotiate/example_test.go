package negotiate_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"time"

	"github.com/jcmturner/gokrb5/v8/iana/etypeID"
	"github.com/jcmturner/gokrb5/v8/keytab"

	"github.com/ctikit/ctikit/auth/negotiate"
)

// The handler behind the acceptor knows who asks; a browser without a ticket is
// asked for one.
func Example() {
	path, err := exported()
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.Remove(path)
	acceptor, err := negotiate.New(negotiate.Config{Keytab: path, Realms: []string{"ACME.EXAMPLE"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	signIn := acceptor.Require(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if account, ok := negotiate.IdentityOf(r.Context()); ok {
			fmt.Fprintf(w, "Hello, %s of %s", account.Name, account.Realm)
		}
	}))
	answer := httptest.NewRecorder()
	signIn.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "https://pbx.acme.example/signin", nil))
	fmt.Println(answer.Code, answer.Header().Get("WWW-Authenticate"))
	// Output: 401 Negotiate
}

// exported makes the file that the domain controller's administrator exports.
func exported() (path string, err error) {
	table := keytab.New()
	if err := table.AddEntry("HTTP/pbx.acme.example", "ACME.EXAMPLE", "password of the service", time.Unix(1_700_000_000, 0), 1, etypeID.AES256_CTS_HMAC_SHA1_96); err != nil {
		return "", err
	}
	text, err := table.Marshal()
	if err != nil {
		return "", err
	}
	file, err := os.CreateTemp("", "http.keytab")
	if err != nil {
		return "", err
	}
	if _, err := file.Write(text); err != nil {
		return "", err
	}
	return file.Name(), file.Close()
}
