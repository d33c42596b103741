package cti

import (
	"fmt"

	"github.com/ctikit/ctikit/internal/enum"
)

// Cause tells why an event happened (ECMA-269 12.2.15, "event cause"). The
// values are those of ECMA-285. The zero value is "none given".
type Cause uint8

// The causes.
const (
	CauseNone                                  Cause = 0
	CauseActiveParticipation                   Cause = 1
	CauseAlternate                             Cause = 2
	CauseBusy                                  Cause = 3
	CauseCallBack                              Cause = 4
	CauseCallCancelled                         Cause = 5
	CauseCallForwardImmediate                  Cause = 6
	CauseCallForwardBusy                       Cause = 7
	CauseCallForwardNoAnswer                   Cause = 8
	CauseCallForward                           Cause = 9
	CauseCallNotAnswered                       Cause = 10
	CauseCallPickup                            Cause = 11
	CauseCampOn                                Cause = 12
	CauseDestinationNotObtainable              Cause = 13
	CauseDoNotDisturb                          Cause = 14
	CauseIncompatibleDestination               Cause = 15
	CauseInvalidAccountCode                    Cause = 16
	CauseKeyOperation                          Cause = 17
	CauseLockout                               Cause = 18
	CauseMaintenance                           Cause = 19
	CauseNetworkCongestion                     Cause = 20
	CauseNetworkNotObtainable                  Cause = 21
	CauseNewCall                               Cause = 22
	CauseNoAvailableAgents                     Cause = 23
	CauseOverride                              Cause = 24
	CausePark                                  Cause = 25
	CauseOverflow                              Cause = 26
	CauseRecall                                Cause = 27
	CauseRedirected                            Cause = 28
	CauseReorderTone                           Cause = 29
	CauseResourcesNotAvailable                 Cause = 30
	CauseSilentParticipation                   Cause = 31
	CauseTransfer                              Cause = 32
	CauseTrunksBusy                            Cause = 33
	CauseBlocked                               Cause = 35
	CauseCharacterCountReached                 Cause = 36
	CauseConsultation                          Cause = 37
	CauseDistributed                           Cause = 38
	CauseDTMFDigitDetected                     Cause = 39
	CauseDurationExceeded                      Cause = 40
	CauseEndOfMessageDetected                  Cause = 41
	CauseEnteringDistribution                  Cause = 42
	CauseForcedPause                           Cause = 43
	CauseMakeCall                              Cause = 44
	CauseMessageSizeExceeded                   Cause = 45
	CauseNetworkSignal                         Cause = 46
	CauseNextMessage                           Cause = 47
	CauseNormalClearing                        Cause = 48
	CauseNoSpeechDetected                      Cause = 49
	CauseNumberChanged                         Cause = 50
	CauseSingleStepConference                  Cause = 51
	CauseSingleStepTransfer                    Cause = 52
	CauseSpeechDetected                        Cause = 53
	CauseSwitchingFunctionTerminated           Cause = 54
	CauseTerminationCharacterReceived          Cause = 55
	CauseTimeout                               Cause = 56
	CauseACDBusy                               Cause = 57
	CauseACDForward                            Cause = 58
	CauseACDSaturated                          Cause = 59
	CauseAlertTimeExpired                      Cause = 60
	CauseAutoWork                              Cause = 61
	CauseCampOnTrunks                          Cause = 62
	CauseConference                            Cause = 63
	CauseDestinationDetected                   Cause = 64
	CauseDestinationOutOfOrder                 Cause = 65
	CauseDistributionDelay                     Cause = 66
	CauseForcedTransition                      Cause = 67
	CauseIntrude                               Cause = 68
	CauseInvalidNumberFormat                   Cause = 69
	CauseJoinCall                              Cause = 70
	CauseKeyOperationInUse                     Cause = 71
	CauseMakePredictiveCall                    Cause = 72
	CauseMessageDurationExceeded               Cause = 73
	CauseMultipleAlerting                      Cause = 74
	CauseMultipleQueuing                       Cause = 75
	CauseNetworkDialling                       Cause = 76
	CauseNetworkOutOfOrder                     Cause = 77
	CauseNormal                                Cause = 78
	CauseBearerServiceNotAvailable             Cause = 79
	CauseBearerServiceNotSupported             Cause = 80
	CauseNumberUnallocated                     Cause = 81
	CauseQueueCleared                          Cause = 82
	CauseRemainsInQueue                        Cause = 83
	CauseReserved                              Cause = 84
	CauseSelectedTrunkBusy                     Cause = 85
	CauseSuspend                               Cause = 86
	CauseBearerServiceUnauthorised             Cause = 87
	CauseActivation                            Cause = 88
	CauseBabble                                Cause = 89
	CauseBadAttribute                          Cause = 90
	CauseBadGrammar                            Cause = 91
	CauseBadVoice                              Cause = 92
	CauseBadURI                                Cause = 93
	CauseBusyOverflow                          Cause = 94
	CauseCalendarOverflow                      Cause = 95
	CauseCapacityOverflow                      Cause = 96
	CauseDuplicateDTMF                         Cause = 97
	CauseEarlyStop                             Cause = 98
	CauseEmptyQueue                            Cause = 99
	CauseInterDigitTimeout                     Cause = 100
	CauseInvalidConnection                     Cause = 101
	CauseInvalidConnectionState                Cause = 102
	CauseMakeConnection                        Cause = 103
	CauseMaxTimeout                            Cause = 104
	CauseNoAudioSaved                          Cause = 105
	CauseNoQueue                               Cause = 106
	CauseNoRule                                Cause = 107
	CauseOutOfGrammar                          Cause = 108
	CausePathReplacement                       Cause = 109
	CauseQueueTimeOverflow                     Cause = 110
	CauseRecallBusy                            Cause = 111
	CauseRecallForwarded                       Cause = 112
	CauseRecallNoAnswer                        Cause = 113
	CauseRecallResourcesNotAvailable           Cause = 114
	CauseUnknownOverflow                       Cause = 115
	CauseCallInterception                      Cause = 116
	CauseCallInterceptionBusy                  Cause = 117
	CauseCallInterceptionForwarded             Cause = 118
	CauseCallInterceptionNoAnswer              Cause = 119
	CauseCallInterceptionResourcesNotAvailable Cause = 120
	CauseLawfulInterception                    Cause = 121
)

var causeNames = [...]string{
	0:   "",
	1:   "active participation",
	2:   "alternate",
	3:   "busy",
	4:   "call back",
	5:   "call cancelled",
	6:   "call forward immediate",
	7:   "call forward busy",
	8:   "call forward no answer",
	9:   "call forward",
	10:  "call not answered",
	11:  "call pickup",
	12:  "camp on",
	13:  "destination not obtainable",
	14:  "do not disturb",
	15:  "incompatible destination",
	16:  "invalid account code",
	17:  "key operation",
	18:  "lockout",
	19:  "maintenance",
	20:  "network congestion",
	21:  "network not obtainable",
	22:  "new call",
	23:  "no available agents",
	24:  "override",
	25:  "park",
	26:  "overflow",
	27:  "recall",
	28:  "redirected",
	29:  "reorder tone",
	30:  "resources not available",
	31:  "silent participation",
	32:  "transfer",
	33:  "trunks busy",
	35:  "blocked",
	36:  "character count reached",
	37:  "consultation",
	38:  "distributed",
	39:  "DTMF digit detected",
	40:  "duration exceeded",
	41:  "end of message detected",
	42:  "entering distribution",
	43:  "forced pause",
	44:  "make call",
	45:  "message size exceeded",
	46:  "network signal",
	47:  "next message",
	48:  "normal clearing",
	49:  "no speech detected",
	50:  "number changed",
	51:  "single step conference",
	52:  "single step transfer",
	53:  "speech detected",
	54:  "switching function terminated",
	55:  "termination character received",
	56:  "timeout",
	57:  "ACD busy",
	58:  "ACD forward",
	59:  "ACD saturated",
	60:  "alert time expired",
	61:  "auto work",
	62:  "camp on trunks",
	63:  "conference",
	64:  "destination detected",
	65:  "destination out of order",
	66:  "distribution delay",
	67:  "forced transition",
	68:  "intrude",
	69:  "invalid number format",
	70:  "join call",
	71:  "key operation in use",
	72:  "make predictive call",
	73:  "message duration exceeded",
	74:  "multiple alerting",
	75:  "multiple queuing",
	76:  "network dialling",
	77:  "network out of order",
	78:  "normal",
	79:  "bearer service not available",
	80:  "bearer service not supported",
	81:  "number unallocated",
	82:  "queue cleared",
	83:  "remains in queue",
	84:  "reserved",
	85:  "selected trunk busy",
	86:  "suspend",
	87:  "bearer service unauthorised",
	88:  "activation",
	89:  "babble",
	90:  "bad attribute",
	91:  "bad grammar",
	92:  "bad voice",
	93:  "bad URI",
	94:  "busy overflow",
	95:  "calendar overflow",
	96:  "capacity overflow",
	97:  "duplicate DTMF",
	98:  "early stop",
	99:  "empty queue",
	100: "inter digit timeout",
	101: "invalid connection",
	102: "invalid connection state",
	103: "make connection",
	104: "max timeout",
	105: "no audio saved",
	106: "no queue",
	107: "no rule",
	108: "out of grammar",
	109: "path replacement",
	110: "queue time overflow",
	111: "recall busy",
	112: "recall forwarded",
	113: "recall no answer",
	114: "recall resources not available",
	115: "unknown overflow",
	116: "call interception",
	117: "call interception busy",
	118: "call interception forwarded",
	119: "call interception no answer",
	120: "call interception resources not available",
	121: "lawful interception",
}

// String is the name in lower case, "normal clearing"; "" for none.
func (c Cause) String() string {
	if c == CauseNone {
		return ""
	}
	return enum.Name(causeNames[:], int(c), "Cause")
}

// MarshalText encodes the cause by name.
func (c Cause) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText reads what [Cause.MarshalText] wrote, in any case.
func (c *Cause) UnmarshalText(text []byte) error {
	var n uint8
	if _, err := fmt.Sscanf(string(text), "Cause(%d)", &n); err == nil { // a number without a name
		*c = Cause(n)
		return nil
	}
	i, err := enum.Value(causeNames[:], string(text), "cause")
	*c = Cause(i)
	return err
}
