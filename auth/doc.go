// Package auth signs users in by the four methods of the TWP Server guide
// (chapter 6) with today's security:
//
//	WindowsSecurity  [WindowsSession], with auth/negotiate before the application's HTTP handler
//	LDAP             auth/ldapauth
//	TWS              [Local], passwords kept by the application's [Store]
//	None             [NewNone], for those who ask for it
//
// A [Chain] tries the methods that the user's parameter AuthMethods names, in
// its order; see [Chain] for when it goes on and when it stops. Its answer is a
// [SignIn] or a *[Refusal], whose text is the same for every reason. A user may
// tick "Save": [Chain.Remember] and [Chain.Resume]. There is no default account;
// [Local.SetupCode] lets the operator make the first one.
//
// Next to it are auth/params (application parameters per user, group and
// domain), auth/rights (who may use and see what) and auth/licence (certificates
// and counts). This package links golang.org/x/crypto and the standard library.
//
// # Attacks
//
// Each of these has a test, TestAttack followed by the name.
//
//	EmptyPassword            a password-less bind that a directory takes for success (RFC 4513 5.1.2)
//	UnknownUser              finding out who exists, by text or by time
//	BypassByOutage           stopping the directory to fall through to None
//	NoneForAdministrator     an administrator's name alone
//	NoneFromAfar             a name alone from another machine
//	HugeName                 a user name of a megabyte
//	ControlCharacters        NUL and its like, which other programs cut a name at
//	LoginForms               another company's user by DOMAIN\user or user@domain
//	Guessing                 one password after the other, from many addresses
//	GuessingFromOneAddress   one password for many users
//	GuessingInBurst          many at once, before the first has failed
//	GuessingAfterFlood       flooding with names to be forgotten
//	GuessingByNewPassword    by the way of changing a password
//	GuessingBehindTicket     from a user's unlocked computer
//	CostlyHash               an imported hash that takes gigabytes or hours to check
//	SetupByStranger          the first run claimed by a visitor
//	StolenToken              a copied remember-me token
//	TokenOutlivesPassword    a token kept after the password was changed
//	TokenOutlivesMethod      a token kept after its method was taken from the user
//	TokenOfNothing           a token for a name alone, or renewed for ever
//	LogInjection             line breaks and passwords in the log
//
// In auth/params:
//
//	ImportNeverWeakens       a configuration that brings None in, or lays it open
//
// In auth/ldapauth, with EmptyPassword again:
//
//	DNInjection              a name that changes the DN it is put into
//	FilterInjection          a name that changes the filter it is put into
//	Wildcard                 a name that finds somebody else
//	TwoEntries               a name that finds two
//	ServiceConnection        the service account's rights left on a user's connection
//	ManyBinds                one attempt that counts as several at the directory
//	AbandonedBind            attempts broken off to count at the directory only
//	Downgrade                a way without encryption where it was wanted
//	Referral                 a server that sends the password elsewhere
//	HugeMessage              a server that answers without end
//
// In auth/negotiate:
//
//	Replay                   a token presented again, in the same or another process
//	ConcurrentReplay         a token presented many times at once
//	NTLMFallback             a browser brought to speak NTLM
//	MalformedToken           tokens that are none, too long, or two at once
//	WrongRealm               the same name in another realm
//	ExpiredTicket            a ticket after its time, or before
//	ClockSkew                a token from another time
//	RC4                      a ticket or session key of a broken type
//	OtherClient              a ticket of one, an authenticator of another
//	OtherService             a ticket for another service of the same machine
//	FalseKDC                 a domain controller of somebody else's that says yes
//	FlippedBits              any bit of a token changed
//
// In auth/rights:
//
//	CrossCompany             rights and memberships across companies
//	GroupCycle               groups that contain each other
//
// In auth/licence:
//
//	FlippedBit               any bit of a certificate changed
//	OtherMachine             a certificate of another machine
//	ForeignKey               a certificate of somebody else's making
package auth
