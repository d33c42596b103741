package ecma323

import "github.com/ctikit/ctikit/csta/internal/message"

// readFailure reads the one child of CSTAErrorCode. An error that the standard does
// not name keeps its category.
func (r *reader) readFailure(f *message.Failure) {
	*f = message.Failure{Class: message.UnspecifiedError}
	for r.child() {
		name := r.scan.Name()
		i := nameIndex(failureClasses, name)
		if string(name) == "systemResourceAvailability" {
			i = int(message.SystemResourceError)
		}
		if i < 0 { // privateErrorCode
			r.skipElement()
			continue
		}
		class := message.FailureClass(i)
		if known, ok := message.FailureByName(class, string(r.readText())); ok {
			*f = known
			continue
		}
		*f = message.Failure{Class: class}
		r.skipped++
	}
}

func (w *writer) writeFailure(f *message.Failure) {
	if int(f.Class) >= len(failureClasses) {
		w.notCarried("errors of category %d", f.Class)
		return
	}
	name := f.Name()
	switch {
	case f.Class == message.UnspecifiedError:
		w.writeEmpty(failureClasses[f.Class])
		return
	case name == "" && f.Class == message.PrivateDataError:
		name = "cSTAPrivateDataInfoError"
	case name == "", w.edition < 4 && late[name]:
		name = "generic"
	}
	w.writeElement(failureClasses[f.Class], name)
}

// late are the errors that the 3rd edition lacks.
var late = map[string]bool{"conferenceResourceCannotBeSatisfied": true, "maxDevicesExceeded": true,
	"startTimeOutOfRange": true, "durationExceeded": true}
