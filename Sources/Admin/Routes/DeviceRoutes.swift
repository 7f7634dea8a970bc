import Documents
import HTTP
import Notation
import Registry
import SoftToken

/// Devices: listed, registered, changed, replaced, removed.
enum DeviceRoutes {
    static func list(_ call: AdminCall) async throws -> AdminAnswer {
        let browser = try call.browser()
        let cursor = try call.cursor { Serial($0) }
        let registered = try call.parameter("registered", "true or false") { CoreSchema.flag($0) }
        let devices = try browser.devices(after: cursor, limit: try call.limit(), registered: registered)
        return .page(devices, \.documentFields)
    }

    static func show(_ call: AdminCall) async throws -> AdminAnswer {
        let serial = try call.serial()
        guard let (device, licenses) = try call.browser().device(serial) else {
            throw try call.noSuch(.device, serial.description)
        }
        return .json(resource(device, licenses))
    }

    static func add(_ call: AdminCall) async throws -> AdminAnswer {
        let body = try BodyFields(call.request, keys: ["serial", "registered", "model"])
        let serial = body.required("serial", "up to 16 of A-Z, 0-9 and -, such as FGT60FTK20000009") { Serial($0) }
        let isRegistered = body.flag("registered") ?? true
        let name = body.text("model", "a text of 1 to 64 characters", model)
        let device = Device(serial: try body.checked(serial), isRegistered: isRegistered, model: name)
        return .created(resource(try await call.perform(.addDevice(device))))
    }

    static func change(_ call: AdminCall) async throws -> AdminAnswer {
        let serial = try call.serial()
        let body = try BodyFields(call.request, keys: ["registered", "model"])
        guard !body.isEmpty else { throw Problem.invalid("give registered or model") }
        let text = body.isNull("model") ? nil : body.text("model", "a text of 1 to 64 characters, or null", model)
        let patch = DevicePatch(
            isRegistered: body.flag("registered"),
            model: body.has("model") ? text.map { .set($0) } ?? .remove : .keep
        )
        try body.check()
        return .json(resource(try await call.perform(.changeDevice(serial, patch))))
    }

    static func remove(_ call: AdminCall) async throws -> AdminAnswer {
        _ = try await call.perform(.removeDevice(try call.serial()))
        return .nothing
    }

    static func replace(_ call: AdminCall) async throws -> AdminAnswer {
        let serial = try call.serial()
        let body = try BodyFields(call.request, keys: ["with"])
        let other = body.required("with", "the serial of the unit that takes its place, such as FGT60FTK20000009") {
            Serial($0)
        }
        let outcome = try await call.perform(.replaceDevice(serial, with: try body.checked(other)))
        guard case .replaced(let device, let licenses, let moved, let stayed) = outcome else { return .nothing }
        return .json([
            "device": resource(device, licenses), "moved": .texts(moved.map(\.description)),
            "stayed": .array(stayed.map { ["license": .string($0.description), "reason": .string(stay(serial))] }),
        ])
    }

    /// Why a trial does not move.
    private static func stay(_ old: Serial) -> String {
        "a trial is tied to its unit, \(old), and never moves; the unit that takes its place imports its own"
    }

    private static func model(_ text: String) -> String? { (1...64).contains(text.unicodeScalars.count) ? text : nil }

    private static func resource(_ outcome: OperationOutcome) -> JSONValue {
        guard case .device(let device, let licenses) = outcome else { return .null }
        return resource(device, licenses)
    }

    /// A device with its licenses, as the vendor's portal shows one.
    private static func resource(_ device: Device, _ licenses: [LicenseNumber]) -> JSONValue {
        .document(device.documentFields + [.init("licenses", .texts(licenses.map(\.description)))])
    }
}

extension RouteTable {
    static let devices: [Route] = [
        Route("GET", "", "listDevices", DeviceRoutes.list)
            .does("List devices by serial.")
            .asks([
                .limit, .cursor(Schemas.serial),
                .choice("registered", "Only those that are, or are not.", ["true", "false"]),
            ])
            .givesPage(of: "Device"),
        Route("POST", "", "addDevice", DeviceRoutes.add)
            .does("Add a device, registered unless said otherwise.")
            .takes("NewDevice").makes("Device").refuses(.conflict),
        Route("GET", "/{serial}", "getDevice", DeviceRoutes.show)
            .does("Show a device and the numbers of its licenses.").gives("Device"),
        Route("PATCH", "/{serial}", "changeDevice", DeviceRoutes.change)
            .does("Register or unregister a device, or say what model it is.").takes("DeviceChange").gives("Device"),
        Route("DELETE", "/{serial}", "removeDevice", DeviceRoutes.remove)
            .does("Remove a device that no license names.").givesNothing.refuses(.conflict),
        Route("POST", "/{serial}/replace", "replaceDevice", DeviceRoutes.replace)
            .does(
                "Move every license but a trial from a device that is returned to the one that takes its place (RMA)."
            )
            .takes("Replacement").gives("Replaced").refuses(.conflict),
    ]
}
