// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import Testing

@Suite(.timeLimit(.minutes(1)))
struct StandardInterfaceTests {
    private let properties = "org.freedesktop.DBus.Properties"
    private let introspectable = "org.freedesktop.DBus.Introspectable"

    private struct WrongCall: Sendable {
        let path: ObjectPath
        let interface: String
        let member: String
        let arguments: [Value]
        let error: String
    }

    private static let wrongCalls: [WrongCall] = [
        .init(path: "/org/none", interface: Sample.name, member: "Rows", arguments: [], error: BusError.unknownObject),
        .init(path: "/org", interface: Sample.name, member: "Rows", arguments: [], error: BusError.unknownInterface),
        .init(
            path: Sample.path, interface: "org.example.None", member: "Rows", arguments: [],
            error: BusError.unknownInterface),
        .init(path: Sample.path, interface: Sample.name, member: "None", arguments: [], error: BusError.unknownMethod),
        .init(
            path: Sample.path, interface: Sample.name, member: "Add", arguments: [.int32(1)],
            error: BusError.invalidArgs),
        .init(
            path: Sample.path, interface: Sample.name, member: "Add", arguments: [.int32(1), .uint32(1)],
            error: BusError.invalidArgs),
        .init(
            path: Sample.path, interface: Sample.name, member: "Rows", arguments: [.string("")],
            error: BusError.invalidArgs),
        .init(
            path: Sample.path, interface: "org.freedesktop.DBus.Properties", member: "Get",
            arguments: [.string(Sample.name), .string("None")], error: BusError.unknownProperty),
        .init(
            path: Sample.path, interface: "org.freedesktop.DBus.Properties", member: "Get",
            arguments: [.string("org.example.None"), .string("Count")], error: BusError.unknownInterface),
        .init(
            path: Sample.path, interface: "org.freedesktop.DBus.Properties", member: "GetAll",
            arguments: [.string("org.example.None")], error: BusError.unknownInterface),
        .init(
            path: Sample.path, interface: "org.freedesktop.DBus.Properties", member: "GetAll", arguments: [],
            error: BusError.invalidArgs),
        .init(
            path: Sample.path, interface: "org.freedesktop.DBus.Properties", member: "Set",
            arguments: [.string(Sample.name), .string("Count"), .variant(.int32(1))], error: BusError.propertyReadOnly),
        .init(
            path: Sample.path, interface: "org.freedesktop.DBus.Properties", member: "Set",
            arguments: [.string(Sample.name), .string("None"), .variant(.int32(1))], error: BusError.unknownProperty),
        .init(
            path: Sample.path, interface: "org.freedesktop.DBus.ObjectManager", member: "GetManagedObjects",
            arguments: [], error: BusError.unknownInterface),
        .init(
            path: Sample.path, interface: "org.freedesktop.DBus.Introspectable", member: "Introspect",
            arguments: [.int32(1)], error: BusError.invalidArgs),
        .init(
            path: "/", interface: "org.freedesktop.DBus.Introspectable", member: "Other", arguments: [],
            error: BusError.unknownMethod),
    ]

    @Test(arguments: wrongCalls.indices)
    func aWrongCallGetsTheStandardError(index: Int) async throws {
        let wrong = Self.wrongCalls[index]
        try await withBus { bench in
            _ = try await Sample.export(on: bench.service)
            await #expect(throws: BusError.named(wrong.error)) {
                try await bench.call(wrong.member, wrong.arguments, path: wrong.path, interface: wrong.interface)
            }
        }
    }

    @Test func propertiesAreReadOneByOneAndTogether() async throws {
        try await withBus { bench in
            let sample = try await Sample.export(on: bench.service)
            await bench.service.perform { _ in sample.count = 7 }
            let client = bench.client
            #expect(
                try await client.property("Count", of: Sample.name, at: Sample.path, from: bench.serviceName)
                    == .int32(7))
            let all = try await client.properties(of: Sample.Described.self, at: Sample.path, from: bench.serviceName)
            #expect(all[.count] == .int32(7) && all[.name] == .string("İstanbul"))
            #expect(all[.pair] == .structure([.uint32(1), .string("bir")]) && all[.bytes] == .bytes([0, 1, 255]))
            // An empty interface name stands for any.
            #expect(
                try await client.property("Name", of: "", at: Sample.path, from: bench.serviceName)
                    == .string("İstanbul"))
        }
    }

    @Test func pingAndMachineIdAreAnsweredEverywhere() async throws {
        try await withBus { bench in
            _ = try await Sample.export(on: bench.service)
            #expect(try await bench.call("Ping", interface: "org.freedesktop.DBus.Peer").isEmpty)
            let id = try await bench.call("GetMachineId", interface: "org.freedesktop.DBus.Peer")
            #expect(id.first?.string?.utf8.count == 32)
        }
    }

    @Test func introspectionTellsMembersAndChildren() async throws {
        try await withBus { bench in
            _ = try await Sample.export(on: bench.service)
            _ = try await bench.call("Make")
            let text = try #require(
                try await bench.call("Introspect", interface: introspectable).first?.string)
            let emits = "org.freedesktop.DBus.Property.EmitsChangedSignal"
            let qtType = "org.qtproject.QtDBus.QtTypeName"
            for part in [
                "<interface name=\"org.example.Sample\">", "<arg name=\"rows\" type=\"a(sssxs)\" direction=\"out\"/>",
                "<signal name=\"Rang\">", "<property name=\"Count\" type=\"i\" access=\"read\"/>",
                "<property name=\"Bytes\" type=\"ay\" access=\"read\">\n      <annotation name=\"\(emits)\" value=\"const\"/>",
                "<property name=\"Pair\" type=\"(us)\" access=\"read\">\n      <annotation name=\"\(qtType)\" value=\"Pair\"/>",
                "<annotation name=\"\(qtType).Out0\" value=\"QList&lt;Row&gt;\"/>\n    </method>",
                "<annotation name=\"\(qtType).In0\" value=\"QVariantMap\"/>",
                "<method name=\"Break\"/>", "<node name=\"item_1\"/>", "<interface name=\"\(properties)\">",
                "<interface name=\"org.freedesktop.DBus.Peer\">",
            ] { #expect(text.contains(part), "\(part)") }
            #expect(!text.contains("ObjectManager"))
        }
    }

    @Test func theWayDownToAnObjectCanBeAsked() async throws {
        try await withBus { bench in
            _ = try await Sample.export(on: bench.service)
            for (path, child) in [("/", "org"), ("/org", "example"), ("/org/example", "Sample")] {
                let text = try await bench.call(
                    "Introspect", path: try ObjectPath(path), interface: introspectable
                ).first?.string
                #expect(text?.contains("<node name=\"\(child)\"/>") == true)
            }
        }
    }

    @Test func theManagerListsWhatIsBelowIt() async throws {
        try await withBus { bench in
            _ = try await Sample.export(on: bench.service)
            _ = try await bench.call("Make")
            let managed = try await bench.call(
                "GetManagedObjects", path: "/org/example", interface: "org.freedesktop.DBus.ObjectManager")
            let entries = try #require(managed.first?.entries)
            #expect(entries.map(\.key) == [.objectPath(Sample.path), .objectPath("/org/example/Sample/item_1")])
            #expect(
                entries[1].value
                    == .dictionary(
                        key: "s", value: "a{sv}", [.init(.string("org.example.Item"), .options(["Number": .uint32(1)]))]
                    ))
        }
    }

    @Test func twoObjectsCannotHaveOnePath() async throws {
        try await withBus { bench in
            let sample = try await Sample.export(on: bench.service)
            await #expect(throws: BusError.named(BusError.failed)) {
                try await bench.service.perform { try $0.export(at: Sample.path, [sample.interface($0)]) }
            }
        }
    }

    @Test func aThousandObjectsAreFoundAndForgotten() async throws {
        try await withBus { bench in
            try await bench.service.perform { bus in
                for number in 0..<1000 {
                    try bus.export(
                        at: try ObjectPath("/item/\(number)"),
                        [Sample.Item.numbered(UInt32(number))])
                }
                for number in 0..<1000 where number % 3 == 0 { bus.unexport(try ObjectPath("/item/\(number)")) }
                #expect(!bus.unexport("/item/0"))
            }
            let client = bench.client
            for number in stride(from: 0, to: 1000, by: 37) {
                let path = try ObjectPath("/item/\(number)")
                if number % 3 == 0 {
                    await #expect(throws: BusError.named(BusError.unknownObject)) {
                        try await client.property("Number", of: Sample.Item.name, at: path, from: bench.serviceName)
                    }
                } else {
                    #expect(
                        try await client.property("Number", of: Sample.Item.name, at: path, from: bench.serviceName)
                            == .uint32(UInt32(number)))
                }
            }
        }
    }
}
