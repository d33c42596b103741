// Package workplace holds what the installation notes say about Avaya Workplace
// clients on IP Office as tables with look-ups: licences and what they give,
// modes, codecs, ports, simultaneous devices, Spaces Calling. [Validate] checks
// one user with one client on one system against all of them and reports
// everything that is missing or breaks a rule; [Firewall] writes the port tables
// as rules for a firewall.
package workplace
