// Package provisioning holds what its sub-packages share: the releases of IP
// Office and of Avaya Workplace, the kinds of system, the operating systems of
// the client, and the features with the versions they need.
//
//	settings    the language of 46xxsettings.txt: parse, evaluate, lint, format, merge
//	catalogue   the parameters: kind, range, default, platforms; the vendor's template read at run time
//	ipoffice    46xxsettings.txt and 46xxspecials.txt generated from a configuration, and served
//	workplace   licences, modes, codecs, ports, client requirements: tables and a validator
//	cloud       profile files, user lists and domain verification of Avaya Cloud Services
//	installer   command lines that install the clients
//
// A host that serves clients starts with ipoffice; one that edits files with
// settings; one that checks users before a roll-out with workplace.
//
// The source of the tables is the manual "Avaya Workplace Client for IP Office:
// installation notes" of June 2023 (IP Office 11.1.3), cited as "notes ch. n".
package provisioning
