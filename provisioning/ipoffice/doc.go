// Package ipoffice writes the settings files that an IP Office system gives to
// Avaya Workplace clients, 46xxsettings.txt and 46xxspecials.txt, and serves them.
//
// A [Config] describes the system. [Config.Settings] and [Config.Specials]
// generate the files, on demand and always the same for the same input. Values
// come from three places, later ones winning: the configuration, the NoUser
// source numbers ([Config.SourceNumbers]), and 46xxspecials.txt, which clients
// fetch afterwards. [Handler] is the http.Handler for a application's own server; [FS]
// shows the same files as an fs.FS.
//
// The model of the files is the example of the installation notes for IP Office
// 11.1.3 (notes ch. 16).
package ipoffice
