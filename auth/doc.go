// Package auth signs users in by the four methods of the TWP Server guide
// (chapter 6) with today's security:
//
//	WindowsSecurity  [WindowsSession], with auth/negotiate in front of the host's HTTP handler
//	LDAP             auth/ldapauth
//	TWS              [Local], passwords kept by the host's [Store]
//	None             [NewNone], for those who ask for it
//
// A [Chain] tries the methods that the user's parameter AuthMethods names, in
// its order; see [Chain] for when it goes on and when it stops. Its answer is a
// [SignIn] or a *[Refusal], whose text is the same for every reason. A user may
// tick "Save": [Chain.Remember] and [Chain.Resume]. There is no default account;
// [Local.SetupCode] lets the operator make the first one.
//
// Beside it stand auth/params (application parameters per user, group and
// domain), auth/rights (who may use and see what) and auth/license (certificates
// and counts). This package links golang.org/x/crypto and the standard library.
//
// # Attacks
//
// Each of these has a test of that name, here (TestAttack…) or in the package
// named.
//
//	EmptyPassword        a password-less bind that a directory takes for success (RFC 4513 5.1.2); ldapauth too
//	UnknownUser          finding out who exists by text or by time
//	BypassByOutage       stopping the directory to fall through to None
//	NoneForAdministrator, NoneFromAfar
//	HugeName, ControlCharacters, LoginForms
//	Guessing, GuessingInBurst, GuessingAfterFlood, GuessingByNewPassword
//	CostlyHash           an imported hash that takes gigabytes or hours to check
//	SetupByStranger      first run claimed by a visitor
//	StolenToken          a copied remember-me token; TokenOutlivesPassword, TokenOutlivesMethod
//	LogInjection         line breaks and secrets in the log
//	WeakeningImport      a configuration that brings None in (params: ImportNeverWeakens)
//	DNInjection, FilterInjection, Wildcard, Referral, HugeMessage, ServiceConnection, ManyBinds (ldapauth)
//	Replay, ConcurrentReplay, WrongRealm, ExpiredTicket, ClockSkew, RC4, NTLMFallback, MalformedToken (negotiate)
//	CrossCompany, GroupCycle (rights)
//	FlippedBit, OtherMachine, ForeignKey (license)
package auth
