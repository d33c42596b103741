// Package catalogue knows the parameters of settings files: what values each
// takes, its default, which clients use it, since when, and how sure that is.
//
// [Workplace] is built in: every parameter that IP Office sends to Workplace
// clients, those for dialling rules, and the passwords. [Parse] reads the
// vendor's own template, which a site has and this package may not contain; its
// prose gives about a thousand parameters, less surely. [Join] puts both
// together. A *Catalogue is the Vocabulary of a settings.Linter:
//
//	known := catalogue.Workplace()
//	linter := settings.Linter{Vocabulary: known, IsSecret: known.IsSecret, Require: catalogue.IPOffice()}
package catalogue
