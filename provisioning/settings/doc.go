// Package settings reads, checks, evaluates, merges and writes the settings
// files of Avaya telephones and Workplace clients (46xxsettings.txt,
// 46xxspecials.txt and the upgrade scripts that lead to them).
//
// The language has six statements, one per line, each starting in the first
// column; every other line is a comment:
//
//	SET name value
//	ADD name value                  appends "," and value
//	IF $VARIABLE SEQ value GOTO tag
//	GOTO tag
//	# tag                           the label: one blank, a tag without blanks
//	GET file
//
// [Parse] gives a [File] that prints back byte for byte. An [Evaluation] tells
// what a telephone with certain variables receives, which line set each
// parameter, what that line overrides and why reading stopped; [Evaluation.Matrix]
// does so for every model. [Linter] reports problems with stable codes and
// positions, [Merge] carries local changes over to a new vendor file, a
// [Builder] writes files and refuses what a telephone would misread, and
// [File.Redact] removes passwords.
//
// Sources: the header of the vendor's template of 22 July 2022, the
// administration guides of the 96x1, J100, Vantage and 1603SW telephones, and
// the IP Office notes. Where the guides differ, a [Dialect] chooses.
package settings
