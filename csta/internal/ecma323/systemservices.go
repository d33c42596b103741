package ecma323

import "github.com/ctikit/ctikit/csta/internal/message"

var filter = structure[message.Filter]{
	bits("callcontrol", callControlEvents, func(f *message.Filter) *message.Bits { return &f.CallControl }),
	bits("callAssociated", callAssociatedEvents, func(f *message.Filter) *message.Bits { return &f.CallAssociated }),
	bits("mediaAttachment", mediaEvents, func(f *message.Filter) *message.Bits { return &f.Media }),
	bits("physicalDeviceFeature", physicalEvents, func(f *message.Filter) *message.Bits { return &f.Physical }),
	bits("logicalDeviceFeature", logicalEvents, func(f *message.Filter) *message.Bits { return &f.Logical }),
	bits("maintenance", maintenanceEvents, func(f *message.Filter) *message.Bits { return &f.Maintenance }),
	bits("voice", voiceEvents, func(f *message.Filter) *message.Bits { return &f.VoiceUnit }),
	bits("private", privateEvents, func(f *message.Filter) *message.Bits { return &f.Private }),
}

// filterOf is a MonitorFilter that may be absent.
func filterOf[T any](name string, of func(*T) *message.Filter) field[T] {
	return field[T]{name: name,
		read: func(r *reader, v *T) {
			f := of(v)
			f.Set = true
			filter.read(r, f)
		},
		write: func(w *writer, name string, v *T) {
			if f := of(v); f.Set {
				w.open(name)
				filter.write(w, f)
				w.close(name)
			}
		}}
}

func ofMonitor() requestField {
	return str("monitorCrossRefID", true, func(r *request) *string { return &r.CrossRef })
}

func register[T any](must bool, of func(*T) *message.Octets) field[T] {
	f := textID("sysStatRegisterID", of)
	if must {
		write := f.write
		f.write = func(w *writer, name string, v *T) {
			if *of(v) == nil {
				w.failf("%s is missing", name)
			}
			write(w, name, v)
		}
	}
	return f
}

func registerOf(must bool) requestField {
	return register(must, func(r *request) *message.Octets { return &r.Register })
}

// monitored is the object of a monitor: a call where its connection is given,
// else a device.
var monitored = within("monitorObject", func(*request) bool { return true }, structure[request]{
	connection("callObject", false, func(r *request) *message.Connection { return &r.Connection }),
	{name: "deviceObject",
		read: func(r *reader, v *request) { r.deviceID(&v.Device) },
		write: func(w *writer, name string, v *request) {
			switch {
			case v.Connection.IsSet():
			case v.Device.Status == message.Known:
				w.deviceID(name, &v.Device)
			default:
				w.failf("%s is missing", name)
			}
		}},
})

// pieces are the elements that a message with a part of the data begins with.
func pieces() []requestField {
	return one(need(textID("serviceCrossRefID", func(r *request) *message.Octets { return &r.Service })),
		number("segmentID", func(r *request) *message.Opt[int64] { return &r.Segment }),
		flag("lastSegment", func(r *request) *bool { return &r.Last }))
}

var systemServices = map[message.Operation]root[request]{
	message.MonitorStart: requestOf("MonitorStart", one(monitored,
		filterOf("requestedMonitorFilter", func(r *request) *message.Filter { return &r.Filter }),
		enum("monitorType", monitorTypes, func(r *request) *message.Opt[int8] { return &r.MonitorType }),
		bits("requestedMonitorMediaClass", monitorMediaClasses, func(r *request) *message.Bits { return &r.MediaClass }))),
	message.ChangeMonitorFilter: requestOf("ChangeMonitorFilter", one(ofMonitor(),
		required(filterOf("requestedFilterList", func(r *request) *message.Filter { return &r.Filter })))),
	message.MonitorStop:    requestOf("MonitorStop", one(ofMonitor())),
	message.SnapshotDevice: requestOf("SnapshotDevice", one(acting("snapshotObject"))),
	message.SnapshotCall:   requestOf("SnapshotCall", one(actsOn("snapshotObject"))),
	message.SnapshotDeviceData: requestOf("SnapshotDeviceData", pieces(), one(required(
		list("snapshotData", "snapshotDeviceResponseInfo", func(r *request) *[]message.DeviceCall { return &r.Calls }, item(deviceCall))))),
	message.SnapshotCallData: requestOf("SnapshotCallData", pieces(), one(required(
		list("snapshotData", "snapshotCallResponseInfo", func(r *request) *[]message.CallParty { return &r.Parties }, item(callParty))))),

	message.SystemStatus: requestOf("SystemStatus", one(registerOf(false),
		choice("systemStatus", systemStates, func(r *request) *message.SystemState { return &r.Status }))),
	message.RequestSystemStatus: requestOf("RequestSystemStatus", one(registerOf(false))),
	message.SystemRegister: requestOf("SystemRegister", one(
		required(bits("requestTypes", requestTypes, func(r *request) *message.Bits { return &r.Types })),
		bits("requestedStatusFilter", systemStatuses, func(r *request) *message.Bits { return &r.Statuses }))),
	message.SystemRegisterCancel: requestOf("SystemRegisterCancel", one(registerOf(true))),
	message.SystemRegisterAbort:  requestOf("SystemRegisterAbort", one(registerOf(true))),

	message.SwitchingFunctionCapsChanged:    requestOf("SwFunctionCapsChanged", one(registerOf(false))),
	message.SwitchingFunctionDevicesChanged: requestOf("SwFunctionDevicesChanged", one(registerOf(false))),
	message.GetCSTAFeatures:                 requestOf("GetCSTAFeatures"),
	message.GetSwitchingFunctionCaps:        requestOf("GetSwitchingFunctionCaps"),
	message.GetSwitchingFunctionDevices: requestOf("GetSwitchingFunctionDevices", one(
		device("requestedDeviceID", false, func(r *request) *message.Device { return &r.Device }),
		enum("requestedDeviceCategory", requestCategories, func(r *request) *message.Opt[int8] { return &r.Category }))),
	message.SwitchingFunctionDevices: requestOf("SwitchingFunctionDevices", pieces(), one(required(
		list("deviceList", "device", func(r *request) *[]message.ListedDevice { return &r.Devices }, item(listedDevice))))),
	message.Escape: {"Escape", structure[request]{
		textID("escapeRegisterID", func(r *request) *message.Octets { return &r.Register }),
		security(func(r *request) *message.Raw { return &r.Security }), need(privateData(func(r *request) *message.Raw { return &r.Escape }))}},
}

var listedDevice = structure[message.ListedDevice]{
	device("deviceID", true, func(d *message.ListedDevice) *message.Device { return &d.Device }),
	enum("deviceCategory", deviceCategories, func(d *message.ListedDevice) *message.Opt[int16] { return &d.Category }),
	bits("deviceAttributes", deviceAttributes, func(d *message.ListedDevice) *message.Bits { return &d.Attributes }),
	text("deviceModelName", func(d *message.ListedDevice) *message.Text { return &d.Model }),
	device("nidGroup", false, func(d *message.ListedDevice) *message.Device { return &d.Group }),
}
