// Package negotiate proves Windows accounts to an application's HTTP handlers: the
// scheme Negotiate of RFC 4559, with Kerberos (TWP guide 6.2, "with a domain
// controller"). A user who is signed in to the Windows domain is not asked for
// anything.
//
//	acceptor, err := negotiate.New(negotiate.Config{Keytab: "/etc/pbx/http.keytab", Realms: []string{"ACME.EXAMPLE"}})
//	http.Handle("/signin", acceptor.Require(handler))
//
// and in the handler
//
//	in, err := chain.SignIn(r.Context(), negotiate.Attempt(r))
//
// with [auth.WindowsSession] as the method WindowsSecurity, or with [Password],
// which also takes a typed user name and password to the domain controller.
//
// Each token is taken once, from an allowed realm, under AES unless Config says
// otherwise. The acceptor proves itself in turn (mutual authentication). Groups
// come from the PAC where there is one that can be read; a ticket without is as
// good.
//
// A browser that has no ticket for the service falls back to NTLM. That is
// recognised and explained to the user, and not spoken: NTLM, which is all that
// Windows work groups have (TWP guide 6.2.2), takes an adapter that the host
// plugs in ([NTLM]). The tests have one that hands the messages to Samba's
// ntlm_auth.
//
// Known limits: no channel bindings; a client whose first mechanism is neither
// Kerberos nor NTLM is refused with an explanation.
package negotiate
