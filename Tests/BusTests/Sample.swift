// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import EventLoops
import Glibc

/// An object with a method of each kind that the tests need. Its state lives on the connection's loop.
final class Sample: Sendable {
    static let path: ObjectPath = "/org/example/Sample"
    static let name = "org.example.Sample"
    static let rang = InterfaceDescription.Signal("Rang", [.init("count", "i"), .init("by", "s")])

    static let description = InterfaceDescription(
        name,
        methods: [
            .init("Echo", in: [.init("value", "v")], out: [.init("value", "v")]),
            .init("Rows", out: [.init("rows", "a(sssxs)")]),
            .init("Add", in: [.init("left", "i"), .init("right", "i")], out: [.init("sum", "i")]),
            .init("Fail", in: [.init("message", "s")]), .init("FailIn", in: [.init("detail", "s")]),
            .init("Break"), .init("WriteWrong", out: [.init("value", "s")]),
            .init("WriteLittle", out: [.init("value", "s")]),
            .init("WriteMuch", out: [.init("value", "as")]), .init("Ring"), .init("Make", out: [.init("path", "o")]),
            .init("ReadPipe", in: [.init("pipe", "h")], out: [.init("text", "s")]),
            .init("OpenPipe", out: [.init("pipe", "h")]),
            .init("WhoAmI", out: [.init("sender", "s"), .init("path", "o"), .init("member", "s")]),
            .init("Options", in: [.init("options", "a{sv}")], out: [.init("keys", "as")]),
        ],
        signals: [rang],
        properties: [.init("Count", "i"), .init("Name", "s"), .init("Pair", "(us)"), .init("Bytes", "ay")])

    /// A plain child object.
    static let item = InterfaceDescription("org.example.Item", properties: [.init("Number", "u")])

    // Unsafe: touched on the connection's loop only.
    nonisolated(unsafe) var count: Int32 = 0
    nonisolated(unsafe) var made: UInt32 = 0

    func interface(_ bus: Connection) -> Interface {
        Interface(Self.description)
            .method("Echo") { call, reply in
                let value = try call.arguments.value()
                reply.value(value)
            }
            .method("Rows") { _, reply in
                reply.array { rows in
                    for number in 1...3 {
                        rows.structure { row in
                            row.string("id \(number)")
                            row.string("Şule Ğ. İnce")
                            row.string("accepted")
                            row.int64(Int64(number) << 40)
                            row.string("")
                        }
                    }
                }
            }
            .method("Add") { call, reply in
                let (left, right) = (try call.arguments.int32(), try call.arguments.int32())
                reply.int32(left &+ right)
            }
            .method("Fail") { call, _ in
                throw BusError(name: "org.example.Error.Wanted", message: try call.arguments.string())
            }
            .method("FailIn") { call, _ in
                throw BusError(name: "org.example.Error.Wanted", message: "çünkü", detail: try call.arguments.string())
            }
            .method("Break") { _, _ in throw SystemError(code: EIO, call: "secret") }
            .method("WriteWrong") { _, reply in reply.int32(1) }
            .method("WriteLittle") { _, _ in }
            .method("WriteMuch") { _, reply in
                let text = String(repeating: "x", count: 1 << 20)
                reply.array { texts in for _ in 0..<20 { texts.string(text) } }
            }
            .method("Ring") { [self] _, _ in
                count += 1
                bus.propertiesChanged(["Count"], of: Self.name, at: Self.path)
                try bus.emit(Self.rang, of: Self.name, from: Self.path) {
                    $0.int32(count)
                    $0.string("Zil")
                }
            }
            .method("Make") { [self] _, reply in
                made += 1
                let number = made
                let path = try Self.path.child("item_\(number)")
                try bus.export(at: path, [Interface(Self.item).property("Number") { $0.uint32(number) }])
                reply.objectPath(path)
            }
            .method("ReadPipe") { call, reply in
                let pipe = try call.arguments.descriptor()
                var bytes = [UInt8](repeating: 0, count: 64)
                let count = read(pipe.rawValue, &bytes, bytes.count)
                reply.string(String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self))
            }
            .method("OpenPipe") { _, reply in
                var ends: [Int32] = [0, 0]
                guard pipe(&ends) == 0 else { throw BusError(name: BusError.failed, message: "no pipe") }
                let (reading, writing) = (FileDescriptorHandle(owning: ends[0]), FileDescriptorHandle(owning: ends[1]))
                write(writing.rawValue, "merhaba", 7)
                reply.descriptor(reading)
            }
            .method("WhoAmI") { call, reply in
                reply.string(call.sender)
                reply.objectPath(call.path)
                reply.string(call.member)
            }
            .method("Options") { call, reply in
                var keys: [String] = []
                try call.arguments.array { options in
                    try options.dictionaryEntry { entry in
                        keys.append(try entry.string())
                        try entry.variant { keys.append(String($0.nextType ?? "?")) }
                    }
                }
                reply.strings(keys)
            }
            .property("Count") { [self] in $0.int32(count) }
            .property("Name") { $0.string("İstanbul") }
            .property("Pair") {
                $0.structure {
                    $0.uint32(1)
                    $0.string("bir")
                }
            }
            .property("Bytes") { $0.bytes([0, 1, 255]) }
    }

    /// A sample on the bus, below a manager at /org/example.
    static func export(on bus: Connection) async throws -> Sample {
        let sample = Sample()
        try await bus.perform { bus in
            try bus.export(at: "/org/example", [], objectManager: true)
            try bus.export(at: path, [sample.interface(bus)])
        }
        return sample
    }
}

extension Bench {
    func call(
        _ member: String, _ arguments: [Value] = [], path: ObjectPath = Sample.path, interface: String = Sample.name
    ) async throws -> [Value] {
        try await client.call(serviceName, path, interface, member, arguments)
    }
}
