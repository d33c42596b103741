package auth

import "log/slog"

func codeOf(reason Reason) string {
	switch reason {
	case ReasonUnavailable, ReasonNoMethod:
		return "auth.unavailable"
	case ReasonThrottled:
		return "auth.throttled"
	case ReasonLocked, ReasonDisabled, ReasonAccountExpired, ReasonPasswordExpired, ReasonNotPermitted:
		return "auth.locked"
	case ReasonPasswordChange:
		return "auth.password-change"
	case ReasonToken:
		return "auth.token"
	}
	return "auth.rejected"
}

func severityOf(reason Reason) slog.Level {
	switch reason {
	case ReasonUnavailable, ReasonNoMethod:
		return slog.LevelError
	case ReasonPasswordChange, ReasonToken:
		return slog.LevelInfo
	}
	return slog.LevelWarn
}
