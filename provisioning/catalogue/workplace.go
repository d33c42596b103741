package catalogue

// workplace is every parameter that IP Office sends to Workplace clients or that
// sites add for them. Ranges and defaults are facts of the vendor's template of
// 22 July 2022, of the client template 3.6.4, and of files of IP Office 11.0 and
// 11.1.3; where they differ, the client's are given.
var workplace = []Parameter{

	// signalling and media
	{Name: "RTP_PORT_LOW", Kind: Integer, Min: 1024, Max: 65503, Default: "1024", DefaultKnown: true, Since: "3.1.2", Confidence: Verified, Description: "first UDP port of the range for audio and video; IP Office sends 46750"},
	{Name: "RTP_PORT_RANGE", Kind: Integer, Min: 32, Max: 64511, Since: "3.1.2", Confidence: Verified, Description: "size of that range above RTP_PORT_LOW; IP Office sends 4002"},
	{Name: "TLSSRVRID", Kind: Choice, Allowed: onOff, Default: "1", DefaultKnown: true, Since: "3.1.2", Confidence: Verified, Description: "1: the name in a TLS server's certificate must match its address"},
	{Name: "ENABLE_OPUS", Kind: Choice, Allowed: []string{"0", "1", "2", "3"}, Default: "1", DefaultKnown: true, Since: "3.1.2", Confidence: Verified, Description: "Opus codec: 0 off, 1 wide band at 20 kbit/s, 2 narrow band at 16 kbit/s, 3 narrow band at 12 kbit/s"},
	{Name: "ENABLE_G722", Kind: Choice, Allowed: onOff, Default: "1", DefaultKnown: true, Confidence: Verified, Description: "1: offer the G.722 codec"},
	{Name: "ENABLE_G711A", Kind: Choice, Allowed: onOff, Default: "1", DefaultKnown: true, Confidence: Verified, Description: "1: offer the G.711 A-law codec"},
	{Name: "ENABLE_G711U", Kind: Choice, Allowed: onOff, Default: "1", DefaultKnown: true, Confidence: Verified, Description: "1: offer the G.711 µ-law codec"},
	{Name: "ENABLE_G729", Kind: Choice, Allowed: []string{"0", "1", "2"}, Default: "1", DefaultKnown: true, Confidence: Verified, Description: "G.729 codec: 0 off, 1 without Annex B, 2 with it"},
	{Name: "ENABLE_G726", Kind: Choice, Allowed: onOff, Default: "1", DefaultKnown: true, Confidence: Verified, Description: "1: offer the G.726 codec"},
	{Name: "DTMF_PAYLOAD_TYPE", Kind: Integer, Min: 96, Max: 127, Default: "120", DefaultKnown: true, Since: "3.1.2", Confidence: Verified, Description: "RTP payload type of digits (RFC 2833); IP Office sends 101"},
	{Name: "SIPDOMAIN", Kind: Text, MaxLength: 255, DefaultKnown: true, Since: "3.1.2", Confidence: Verified, Description: "SIP domain of the registrar"},
	{Name: "ENFORCE_SIPS_URI", Kind: Choice, Allowed: onOff, Default: "1", DefaultKnown: true, Since: "3.4", Confidence: Verified, Description: "1: use SIPS addresses where media is encrypted; IP Office sends 0"},
	{Name: "DSCPAUD", Kind: Integer, Min: 0, Max: 63, Default: "46", DefaultKnown: true, Since: "3.5.5", Confidence: Verified, Description: "DiffServ code point of audio"},
	{Name: "DSCPSIG", Kind: Integer, Min: 0, Max: 63, Default: "34", DefaultKnown: true, Since: "3.5.5", Confidence: Verified, Description: "DiffServ code point of signalling"},
	{Name: "HTTPPORT", Kind: Integer, Min: 0, Max: 65535, Default: "80", DefaultKnown: true, Confidence: Verified, Description: "port of the file server without TLS; 8411 with preferred phone ports"},
	{Name: "TLSPORT", Kind: Integer, Min: 0, Max: 65535, Default: "443", DefaultKnown: true, Confidence: Verified, Description: "port of the file server with TLS; 411 with preferred phone ports"},
	{Name: "TLSSRVR", Kind: List, MaxLength: 255, DefaultKnown: true, Confidence: Verified, Description: "file servers with TLS, by name or address"},
	{Name: "TRUSTCERTS", Kind: List, MaxLength: 255, DefaultKnown: true, Confidence: Verified, Description: "files of CA certificates to fetch and trust"},
	{Name: "COUNTRY", Kind: Text, Confidence: Verified, Description: "country whose call progress tones are used, by its keyword"},
	{Name: "ISO_SYSTEM_LANGUAGE", Kind: Language, Default: "en_US", DefaultKnown: true, Confidence: Verified, Description: "language of the user interface, before the user chooses one"},

	// clients and Vantage
	{Name: "DSCPVID", Kind: Integer, Min: 0, Max: 63, Default: "34", DefaultKnown: true, Since: "3.5.5", Confidence: Verified, Description: "DiffServ code point of video; IP Office sends 46"},
	{Name: "ENABLE_AVAYA_CLOUD_ACCOUNTS", Kind: Choice, Allowed: onOff, Default: "1", DefaultKnown: true, Since: "3.4", Confidence: Verified, Description: "1: users may sign in with a cloud account"},
	{Name: "ENABLE_IPO_PORTAL_MESSAGING", Kind: Choice, Allowed: onOff, Confidence: Observed, Description: "1: instant messages go through one-X Portal"},
	{Name: "ENABLE_IM", Kind: Choice, Allowed: onOff, Default: "0", DefaultKnown: true, Confidence: Verified, Description: "1: instant messages"},
	{Name: "SIP_CONTROLLER_LIST", Kind: Servers, MaxLength: 255, DefaultKnown: true, Since: "3.1.2", Confidence: Verified, Description: "SIP registrars, first one preferred; tls where no transport is given, port 5061 for tls and 5060 else"},
	{Name: "CONFERENCE_FACTORY_URI", Kind: Text, MaxLength: 255, DefaultKnown: true, Since: "3.1.2", Confidence: Verified, Description: "address that creates ad-hoc conferences"},
	{Name: "PSTN_VM_NUM", Kind: Text, DefaultKnown: true, Since: "3.4", Confidence: Verified, Description: "number or address of voice mail"},
	{Name: "SETTINGS_FILE_URL", Kind: URL, DefaultKnown: true, Confidence: Verified, Description: "address from which the client reads this file again"},
	{Name: "FQDN_IP_MAP", Kind: HostMap, DefaultKnown: true, Confidence: Verified, Description: "names for addresses that the client cannot resolve"},
	{Name: "MEDIAENCRYPTION", Kind: ChoiceList, Allowed: []string{"1", "2", "9", "10", "11"}, MaxItems: 3, Default: "1,2,9", DefaultKnown: true, Since: "3.1.2", Confidence: Verified, Description: "SRTP suites in order of preference; 9 is none"},
	{Name: "ENCRYPT_SRTCP", Kind: Choice, Allowed: onOff, Default: "0", DefaultKnown: true, Since: "3.1.2", Confidence: Verified, Description: "1: encrypt RTCP beside SRTP"},
	{Name: "TLS_VERSION", Kind: Choice, Allowed: onOff, Default: "0", DefaultKnown: true, Since: "3.5.5", Confidence: Verified, Description: "1: TLS 1.2 only"},

	// desktop and iOS clients
	{Name: "APPCAST_ENABLED", Kind: Choice, Allowed: onOff, Default: "0", DefaultKnown: true, Models: desktop, Confidence: Observed, Description: "1: look for client updates"},
	{Name: "APPCAST_URL", Kind: URL, DefaultKnown: true, Models: desktop, Confidence: Observed, Description: "feed of client updates"},
	{Name: "APPCAST_CHECK_INTERVAL", Kind: Integer, Default: "1", DefaultKnown: true, Models: desktop, Confidence: Observed, Description: "days between two looks for updates"},
	{Name: "AUDIO_DEVICE_CALL_CONTROL_ENABLED", Kind: Choice, Allowed: onOff, Default: "1", DefaultKnown: true, Since: "3.7.1", Confidence: Verified, Description: "1: keys of headsets control calls"},
	{Name: "PUSH_NOTIFICATION_ENABLED", Kind: Choice, Allowed: onOff, Models: ios, Confidence: Observed, Description: "1: Apple push notifications"},

	// fixed values for IP Office
	{Name: "SSOENABLED", Kind: Choice, Allowed: onOff, Default: "1", DefaultKnown: true, Confidence: Observed, Description: "1: single sign-on; IP Office sends 0"},
	{Name: "EWSSSO", Kind: Choice, Allowed: []string{"0", "1", "4"}, Default: "1", DefaultKnown: true, Since: "3.1", Confidence: Verified, Description: "how to sign in to Exchange: 0 typed by the user, 1 as to the client, 4 Microsoft modern authentication"},
	{Name: "SIPREGPROXYPOLICY", Kind: Choice, Allowed: []string{"alternate", "simultaneous"}, Default: "simultaneous", DefaultKnown: true, Confidence: Verified, Description: "register with one controller or with all; IP Office needs alternate"},
	{Name: "IPO_PRESENCE_ENABLED", Kind: Choice, Allowed: onOff, Default: "0", DefaultKnown: true, Since: "3.4", Confidence: Verified, Description: "1: presence from IP Office"},
	{Name: "IPO_CONTACTS_ENABLED", Kind: Choice, Allowed: onOff, Default: "0", DefaultKnown: true, Since: "3.4", Confidence: Verified, Description: "1: contacts from IP Office"},
	{Name: "DND_SAC_LINK", Kind: Choice, Allowed: onOff, Default: "0", DefaultKnown: true, Since: "3.1.2", Confidence: Verified, Description: "1: do not disturb also sends calls to coverage"},
	{Name: "POUND_KEY_AS_CALL_TRIGGER", Kind: Choice, Allowed: onOff, Default: "1", DefaultKnown: true, Since: "3.4", Confidence: Verified, Description: "1: # starts the call; IP Office needs 0"},
	{Name: "OBSCURE_PREFERENCES", Kind: List, DefaultKnown: true, Since: "3.1.2", Confidence: Verified, Description: "preferences that the client hides"},
	{Name: "ENABLE_PPM", Kind: Choice, Allowed: onOff, Default: "1", DefaultKnown: true, Since: "3.4", Confidence: Verified, Description: "1: Personal Profile Manager of Session Manager; IP Office sends 0"},
	{Name: "SIMULTANEOUS_REGISTRATIONS", Kind: Integer, Min: 1, Max: 3, Default: "3", DefaultKnown: true, Since: "3.4", Confidence: Verified, Description: "controllers to register with at once; IP Office needs 1"},
	{Name: "ENABLE_AVAYA_ENVIRONMENT", Kind: Choice, Allowed: onOff, Default: "1", DefaultKnown: true, Confidence: Verified, Description: "1: expect Session Manager; IP Office needs 0"},
	{Name: "DISCOVER_AVAYA_ENVIRONMENT", Kind: Choice, Allowed: onOff, Default: "1", DefaultKnown: true, Confidence: Verified, Description: "1: find out which environment it is; IP Office needs 0"},
	{Name: "ENABLE_IPOFFICE", Kind: Choice, Allowed: []string{"0", "1", "2"}, Default: "0", DefaultKnown: true, Since: "3.4", Confidence: Verified, Description: "1: IP Office, 2: IP Office with stimulus telephones"},
	{Name: "ENABLE_IPO_CALL_LOG", Kind: Choice, Allowed: onOff, Default: "0", DefaultKnown: true, Since: "3.8", Confidence: Verified, Description: "1: call log from IP Office 11.1"},
	{Name: "SUBSCRIBE_LIST_NON_AVAYA", Kind: ChoiceList, Allowed: []string{"reg", "dialog", "mwi", "ccs", "message-summary", "avaya-ccs-profile"}, Confidence: Verified, Description: "event packages to subscribe to outside Session Manager"},
	{Name: "SDPCAPNEG", Kind: Choice, Allowed: onOff, Default: "1", DefaultKnown: true, Confidence: Verified, Description: "1: negotiate SRTP and RTP together (RFC 5939)"},
	{Name: "SIPENABLED", Kind: Choice, Allowed: onOff, Default: "1", DefaultKnown: true, Confidence: Observed, Description: "1: telephony in the client"},

	// functions of the client
	{Name: "SETTINGS_CHECK_INTERVAL", Kind: Integer, Default: "1", DefaultKnown: true, Confidence: Observed, Description: "days between two readings of this file"},
	{Name: "ENABLE_BROWSER_EXTENSION", Kind: Choice, Allowed: onOff, Models: desktop, Confidence: Observed, Description: "1: browser extension"},
	{Name: "WINDOWS_IMPROVIDER", Kind: Choice, Allowed: onOff, Default: "0", DefaultKnown: true, Models: windows, Confidence: Observed, Description: "1: the client is the message provider of Office"},
	{Name: "ENABLE_OUTLOOK_ADDON", Kind: Choice, Allowed: onOff, Models: windows, Confidence: Observed, Description: "1: add-on for Outlook"},
	{Name: "OUTLOOK_CALL_CONTACT", Kind: Choice, Allowed: onOff, Default: "1", DefaultKnown: true, Models: windows, Confidence: Observed, Description: "1: call contacts from Outlook"},
	{Name: "CALL_DECLINE_POLICY", Kind: Choice, Allowed: []string{"0", "1", "2"}, Default: "0", DefaultKnown: true, Confidence: Verified, Description: "answer to a declined call: 0 none, 1 busy (486), 2 declined (603)"},
	{Name: "IPO_CONFERENCE_CONTROLS_ENABLED", Kind: Choice, Allowed: onOff, Confidence: Observed, Description: "1: conference controls"},
	{Name: "IPO_OTHER_PHONE_MODE_ENABLED", Kind: Choice, Allowed: onOff, Confidence: Observed, Description: "1: calls through another telephone (teleworker)"},
	{Name: "IPO_CALL_RECORDING_ENABLED", Kind: Choice, Allowed: onOff, Confidence: Observed, Description: "1: record calls"},
	{Name: "IPO_SHARE_CONTROLLED_SOFTPHONE_ENABLED", Kind: Choice, Allowed: onOff, Confidence: Observed, Description: "1: shared control of the desk telephone"},
	{Name: "AUTO_ANSWER", Kind: Choice, Allowed: onOff, Confidence: Observed, Description: "1: the user may have calls answered automatically"},
	{Name: "IPO_CALL_HANDOVER_ENABLED", Kind: Choice, Allowed: onOff, Confidence: Observed, Description: "1: move and retrieve calls between simultaneous devices"},
	{Name: "IPO_ADHOC_CONFERENCE_NAME", Kind: Text, Confidence: Observed, Description: "name of ad-hoc conferences"},

	// NoUser source numbers and specials
	{Name: "CONTACT_MATCHING_MIN_DIGITS", Kind: Integer, Default: "10", DefaultKnown: true, Confidence: Observed, Description: "digits compared when a caller is matched with contacts"},
	{Name: "CELLULAR_DIRECT_ENABLED", Kind: Choice, Allowed: onOff, Default: "0", DefaultKnown: true, Models: mobile, Confidence: Verified, Description: "1: some numbers are left to the native dialler"},
	{Name: "CELLULAR_DIRECT_NUMBER_LIST", Kind: DialList, MaxLength: 127, DefaultKnown: true, Models: mobile, Confidence: Verified, Description: "numbers left to the native dialler"},
	{Name: "VOIPCALLINGENABLED", Kind: Choice, Allowed: []string{"0", "1", "2", "3"}, Models: mobile, Confidence: Verified, Description: "calls over data networks: 1 preferring Wi-Fi, 3 preferring cellular; push notifications need one of them"},

	// dialling rules
	{Name: "ENHDIALSTAT", Kind: Choice, Allowed: onOff, Default: "0", DefaultKnown: true, Since: "3.1.2", Confidence: Verified, Description: "1: dialling rules for all outgoing calls"},
	{Name: "PHNOL", Kind: Dial, MaxLength: 2, DefaultKnown: true, Since: "3.1.2", Confidence: Verified, Description: "prefix for an outside line"},
	{Name: "PHNCC", Kind: Integer, Min: 1, Max: 999, DefaultKnown: true, Since: "3.1.2", Confidence: Verified, Description: "country code"},
	{Name: "PHNIC", Kind: Dial, MaxLength: 4, DefaultKnown: true, Since: "3.1.2", Confidence: Verified, Description: "prefix for international calls"},
	{Name: "PHNLD", Kind: Dial, MaxLength: 1, DefaultKnown: true, Since: "3.1.2", Confidence: Verified, Description: "prefix for long-distance calls"},
	{Name: "PHNDPLENGTH", Kind: NumberList, Min: 3, Max: 13, DefaultKnown: true, Since: "3.1.2", Confidence: Verified, Description: "length of internal numbers"},
	{Name: "PHNLDLENGTH", Kind: NumberList, Min: 5, Max: 15, DefaultKnown: true, Since: "3.1.2", Confidence: Verified, Description: "length of national numbers"},
	{Name: "DIALPLANEXTENSIONLENGTHLIST", Kind: NumberList, DefaultKnown: true, Since: "3.1.2", Confidence: Verified, Description: "lengths of internal numbers; wins over PHNDPLENGTH"},
	{Name: "DIALPLANNATIONALPHONENUMLENGTHLIST", Kind: NumberList, DefaultKnown: true, Since: "3.1.2", Confidence: Verified, Description: "lengths of national numbers; wins over PHNLDLENGTH"},
	{Name: "DIALPLANAREACODE", Kind: DialList, DefaultKnown: true, Since: "3.1.2", Confidence: Verified, Description: "area codes of the site"},
	{Name: "DIALPLANPBXPREFIX", Kind: Dial, DefaultKnown: true, Since: "3.1.2", Confidence: Verified, Description: "prefix of the system's own numbers"},
	{Name: "DIALPLANLOCALCALLPREFIX", Kind: Choice, Allowed: onOff, Default: "0", DefaultKnown: true, Since: "3.1.2", Confidence: Verified, Description: "1: local calls without the area code"},
	{Name: "AUTOAPPLY_ARS_TO_SHORTNUMBERS", Kind: Choice, Allowed: onOff, Default: "1", DefaultKnown: true, Since: "3.1.2", Confidence: Verified, Description: "1: short outside numbers get the outside prefix"},
	{Name: "APPLY_DIALINGRULES_TO_PLUS_NUMBERS", Kind: Choice, Allowed: onOff, Default: "0", DefaultKnown: true, Since: "3.1.2", Confidence: Verified, Description: "1: dialling rules for numbers with + too"},
	{Name: "PHNOLADD", Kind: Choice, Allowed: onOff, Default: "0", DefaultKnown: true, Confidence: Verified, Description: "1: the outside prefix is added (H.323 telephones)"},
	{Name: "ELD_SYSNUM", Kind: Choice, Allowed: onOff, Default: "1", DefaultKnown: true, Confidence: Verified, Description: "1: dialling rules for system numbers (SIP desk telephones)"},
	{Name: "PHNLAC", Kind: Dial, DefaultKnown: true, Confidence: Verified, Description: "area code of the site, when failed over"},
	{Name: "LOCAL_DIAL_AREA_CODE", Kind: Choice, Allowed: onOff, Default: "0", DefaultKnown: true, Confidence: Verified, Description: "1: local calls need the area code, when failed over"},
	{Name: "PHNDAC", Kind: Dial, DefaultKnown: true, Confidence: Verified, Description: "access code put before numbers that it makes as long as national ones (J100, open SIP)"},
	{Name: "SELF_AVATAR_ENABLED", Kind: Choice, Allowed: onOff, Confidence: Verified, Description: "1: the user's picture comes from Exchange (notes ch. 8)"},

	// of the telephones' upgrade scripts
	{Name: "APPNAME", Kind: Text, Confidence: Observed, Description: "software file that a telephone shall load; upgrade scripts set it before it is fetched"},
	// replaced by parameters of the dialling rules
	{Name: "SP_AC", Kind: Text, ReplacedBy: "DIALPLANAREACODE", Confidence: Verified, Description: "area codes of the site"},
	{Name: "PHNPBXMAINPREFIX", Kind: Text, ReplacedBy: "DIALPLANPBXPREFIX", Confidence: Verified, Description: "prefix of the system's own numbers"},
	{Name: "PHNREMOVEAREACODE", Kind: Text, ReplacedBy: "DIALPLANLOCALCALLPREFIX", Confidence: Verified, Description: "1: local calls without the area code"},
}

// The values of MODEL4 of the clients (notes ch. 16).
var (
	desktop = []string{"acm", "acw"}
	mobile  = []string{"aca", "aci"}
	ios     = []string{"aci"}
	windows = []string{"acw"}
	onOff   = []string{"0", "1"}
)

// Workplace returns the built-in catalogue: the parameters of the Workplace
// clients on IP Office, and the passwords of all devices.
func Workplace() *Catalogue {
	all := make([]*Parameter, 0, len(workplace)+len(secrets))
	for i := range workplace {
		all = append(all, &workplace[i])
	}
	for _, name := range secrets {
		all = append(all, &Parameter{Name: name, Kind: Text, Secret: true, Confidence: Verified, Description: "a password"})
	}
	return newCatalogue(all)
}

// IPOffice returns the values that parameters must have in an IP Office system,
// for settings.Linter.Require (vendor's template of 22 July 2022).
func IPOffice() map[string][]string {
	return map[string][]string{
		"SIPREGPROXYPOLICY":          {"alternate"},
		"SIMULTANEOUS_REGISTRATIONS": {"1"},
		"DISCOVER_AVAYA_ENVIRONMENT": {"0"},
		"ENABLE_AVAYA_ENVIRONMENT":   {"0"},
		"ENABLE_3PCC_ENVIRONMENT":    {"0"},
		"POUND_KEY_AS_CALL_TRIGGER":  {"0"},
		"ENABLE_IPOFFICE":            {"1", "2"}, // 2 on J139 to J189
	}
}
