package ecma323

import "github.com/ctikit/ctikit/csta/internal/message"

var filter = structure[message.Filter]{
	bitsField("callcontrol", callControlEvents, func(f *message.Filter) *message.Bits { return &f.CallControl }),
	bitsField("callAssociated", callAssociatedEvents, func(f *message.Filter) *message.Bits { return &f.CallAssociated }),
	bitsField("mediaAttachment", mediaEvents, func(f *message.Filter) *message.Bits { return &f.Media }),
	bitsField("physicalDeviceFeature", physicalEvents, func(f *message.Filter) *message.Bits { return &f.Physical }),
	bitsField("logicalDeviceFeature", logicalEvents, func(f *message.Filter) *message.Bits { return &f.Logical }),
	bitsField("maintenance", maintenanceEvents, func(f *message.Filter) *message.Bits { return &f.Maintenance }),
	bitsField("voice", voiceEvents, func(f *message.Filter) *message.Bits { return &f.VoiceUnit }),
	bitsField("private", privateEvents, func(f *message.Filter) *message.Bits { return &f.Private }),
}

// filterOf is a MonitorFilter that may be absent.
func filterOf[T any](name string, of func(*T) *message.Filter) field[T] {
	return field[T]{name: name,
		read: func(r *reader, v *T) {
			f := of(v)
			f.Set = true
			filter.readChildren(r, f)
		},
		write: func(w *writer, name string, v *T) {
			if f := of(v); f.Set {
				w.openElement(name)
				filter.writeChildren(w, f)
				w.closeElement(name)
			}
		}}
}

func ofMonitor() requestField {
	return stringField("monitorCrossRefID", true, func(r *request) *string { return &r.CrossRef })
}

func registerField[T any](must bool, of func(*T) *message.Octets) field[T] {
	f := identifierField("sysStatRegisterID", of)
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
	return registerField(must, func(r *request) *message.Octets { return &r.Register })
}

// monitored is the object of a monitor: a call where its connection is given,
// else a device.
var monitored = groupField("monitorObject", func(*request) bool { return true }, structure[request]{
	connectionField("callObject", false, func(r *request) *message.Connection { return &r.Connection }),
	{name: "deviceObject",
		read: func(r *reader, v *request) { r.readDevice(&v.Device) },
		write: func(w *writer, name string, v *request) {
			switch {
			case v.Connection.IsSet():
			case v.Device.Status == message.Known:
				w.writeDevice(name, &v.Device)
			default:
				w.failf("%s is missing", name)
			}
		}},
})

// pieces are the elements that a message with a part of the data begins with.
func pieces() []requestField {
	return fieldsOf(need(identifierField("serviceCrossRefID", func(r *request) *message.Octets { return &r.Service })),
		numberField("segmentID", func(r *request) *message.Opt[int64] { return &r.Segment }),
		flagField("lastSegment", func(r *request) *bool { return &r.Last }))
}

var systemServices = map[message.Operation]root[request]{
	message.MonitorStart: requestOf("MonitorStart", fieldsOf(monitored,
		filterOf("requestedMonitorFilter", func(r *request) *message.Filter { return &r.Filter }),
		enumField("monitorType", monitorTypes, func(r *request) *message.Opt[int8] { return &r.MonitorType }),
		bitsField("requestedMonitorMediaClass", monitorMediaClasses,
			func(r *request) *message.Bits { return &r.MediaClass }))),
	message.ChangeMonitorFilter: requestOf("ChangeMonitorFilter", fieldsOf(ofMonitor(),
		required(filterOf("requestedFilterList", func(r *request) *message.Filter { return &r.Filter })))),
	message.MonitorStop:    requestOf("MonitorStop", fieldsOf(ofMonitor())),
	message.SnapshotDevice: requestOf("SnapshotDevice", fieldsOf(acting("snapshotObject"))),
	message.SnapshotCall:   requestOf("SnapshotCall", fieldsOf(actsOn("snapshotObject"))),
	message.SnapshotDeviceData: requestOf("SnapshotDeviceData", pieces(), fieldsOf(required(
		listField("snapshotData", "snapshotDeviceResponseInfo", func(r *request) *[]message.DeviceCall { return &r.Calls },
			item(deviceCall))))),
	message.SnapshotCallData: requestOf("SnapshotCallData", pieces(), fieldsOf(required(
		listField("snapshotData", "snapshotCallResponseInfo", func(r *request) *[]message.CallParty { return &r.Parties },
			item(callParty))))),

	message.SystemStatus: requestOf("SystemStatus", fieldsOf(registerOf(false),
		choiceField("systemStatus", systemStates, func(r *request) *message.SystemState { return &r.Status }))),
	message.RequestSystemStatus: requestOf("RequestSystemStatus", fieldsOf(registerOf(false))),
	message.SystemRegister: requestOf("SystemRegister", fieldsOf(
		required(bitsField("requestTypes", requestTypes, func(r *request) *message.Bits { return &r.Types })),
		bitsField("requestedStatusFilter", systemStatuses, func(r *request) *message.Bits { return &r.Statuses }))),
	message.SystemRegisterCancel: requestOf("SystemRegisterCancel", fieldsOf(registerOf(true))),
	message.SystemRegisterAbort:  requestOf("SystemRegisterAbort", fieldsOf(registerOf(true))),

	message.SwitchingFunctionCapsChanged:    requestOf("SwFunctionCapsChanged", fieldsOf(registerOf(false))),
	message.SwitchingFunctionDevicesChanged: requestOf("SwFunctionDevicesChanged", fieldsOf(registerOf(false))),
	message.GetCSTAFeatures:                 requestOf("GetCSTAFeatures"),
	message.GetSwitchingFunctionCaps:        requestOf("GetSwitchingFunctionCaps"),
	message.GetSwitchingFunctionDevices: requestOf("GetSwitchingFunctionDevices", fieldsOf(
		deviceField("requestedDeviceID", false, func(r *request) *message.Device { return &r.Device }),
		enumField("requestedDeviceCategory", requestCategories, func(r *request) *message.Opt[int8] { return &r.Category }))),
	message.SwitchingFunctionDevices: requestOf("SwitchingFunctionDevices", pieces(), fieldsOf(required(
		listField("deviceList", "device", func(r *request) *[]message.ListedDevice { return &r.Devices },
			item(listedDevice))))),
	message.Escape: {"Escape", structure[request]{
		identifierField("escapeRegisterID", func(r *request) *message.Octets { return &r.Register }),
		securityField(func(r *request) *message.Raw { return &r.Security }),
		need(privateDataField(func(r *request) *message.Raw { return &r.Escape }))}},
}

var listedDevice = structure[message.ListedDevice]{
	deviceField("deviceID", true, func(d *message.ListedDevice) *message.Device { return &d.Device }),
	enumField("deviceCategory", deviceCategories,
		func(d *message.ListedDevice) *message.Opt[int16] { return &d.Category }),
	bitsField("deviceAttributes", deviceAttributes, func(d *message.ListedDevice) *message.Bits { return &d.Attributes }),
	textField("deviceModelName", func(d *message.ListedDevice) *message.Text { return &d.Model }),
	deviceField("nidGroup", false, func(d *message.ListedDevice) *message.Device { return &d.Group }),
}
