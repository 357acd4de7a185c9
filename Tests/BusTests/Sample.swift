// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import EventLoops
import Glibc
import SystemBasics

/// An object with a method of each kind that the tests need. Its state lives on the connection's loop.
final class Sample: Sendable {
    static let path: ObjectPath = "/org/example/Sample"
    static let name = Described.name

    enum Described: BusInterface {
        static let name = "org.example.Sample"

        enum Method: String, BusMethod {
            case echo = "Echo"
            case rows = "Rows"
            case add = "Add"
            case fail = "Fail"
            case failIn = "FailIn"
            case breakDown = "Break"
            case writeWrong = "WriteWrong"
            case writeLittle = "WriteLittle"
            case writeMuch = "WriteMuch"
            case ring = "Ring"
            case make = "Make"
            case readPipe = "ReadPipe"
            case openPipe = "OpenPipe"
            case whoAmI = "WhoAmI"
            case options = "Options"

            var arguments: Arguments {
                switch self {
                case .echo: ["value": "v"]
                case .add: ["left": "i", "right": "i"]
                case .fail: ["message": "s"]
                case .failIn: ["detail": "s"]
                case .readPipe: ["pipe": "h"]
                case .options: ["options": "a{sv}"]
                default: [:]
                }
            }

            var results: Arguments {
                switch self {
                case .echo: ["value": "v"]
                case .rows: ["rows": "a(sssxs)"]
                case .add: ["sum": "i"]
                case .writeWrong, .writeLittle: ["value": "s"]
                case .writeMuch: ["value": "as"]
                case .make: ["path": "o"]
                case .readPipe: ["text": "s"]
                case .openPipe: ["pipe": "h"]
                case .whoAmI: ["sender": "s", "path": "o", "member": "s"]
                case .options: ["keys": "as"]
                default: [:]
                }
            }
        }

        enum Signal: String, BusSignal {
            case rang = "Rang"
            case noName = "no-name"
            case text = "Text"

            var arguments: Arguments {
                switch self {
                case .rang: ["count": "i", "by": "s"]
                case .noName: [:]
                case .text: ["text": "s"]
                }
            }
        }

        enum Property: String, BusProperty {
            case count = "Count"
            case name = "Name"
            case pair = "Pair"
            case bytes = "Bytes"

            var type: Signature {
                switch self {
                case .count: "i"
                case .name: "s"
                case .pair: "(us)"
                case .bytes: "ay"
                }
            }
        }
    }

    /// A plain child object.
    enum Item: BusInterface {
        static let name = "org.example.Item"

        enum Property: String, BusProperty {
            case number = "Number"
            var type: Signature { "u" }
        }

        static func numbered(_ number: UInt32) -> Interface {
            Interface(Item.self) { property, value in
                switch property {
                case .number: value.uint32(number)
                }
            }
        }
    }

    // Unsafe: touched on the connection's loop only.
    nonisolated(unsafe) var count: Int32 = 0
    nonisolated(unsafe) var made: UInt32 = 0

    func interface(_ bus: Connection) -> Interface {
        Interface(
            Described.self, methods: { [self] in try run($0, &$1, &$2, bus) },
            properties: { [self] property, value in
                switch property {
                case .count: value.int32(count)
                case .name: value.string("İstanbul")
                case .pair:
                    value.structure {
                        $0.uint32(1)
                        $0.string("bir")
                    }
                case .bytes: value.bytes([0, 1, 255])
                }
            })
    }

    private func run(
        _ method: Described.Method, _ call: inout MethodCall, _ reply: inout MessageWriter, _ bus: Connection
    ) throws {
        switch method {
        case .echo:
            let value = try call.arguments.value()
            reply.value(value)
        case .rows:
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
        case .add:
            let (left, right) = (try call.arguments.int32(), try call.arguments.int32())
            reply.int32(left &+ right)
        case .fail: throw BusError(name: "org.example.Error.Wanted", message: try call.arguments.string())
        case .failIn:
            throw BusError(name: "org.example.Error.Wanted", message: "çünkü", detail: try call.arguments.string())
        case .breakDown: throw SystemError(code: EIO, call: "secret")
        case .writeWrong: reply.int32(1)
        case .writeLittle: break
        case .writeMuch:
            let text = String(repeating: "x", count: 1 << 20)
            reply.array { texts in for _ in 0..<20 { texts.string(text) } }
        case .ring:
            count += 1
            bus.propertiesChanged([.count], of: Described.self, at: Self.path)
            try bus.emit(.rang, of: Described.self, from: Self.path) {
                $0.int32(count)
                $0.string("Zil")
            }
        case .make:
            made += 1
            let path = try Self.path.child("item_\(made)")
            try bus.export(at: path, [Item.numbered(made)])
            reply.objectPath(path)
        case .readPipe:
            let pipe = try call.arguments.descriptor()
            var bytes = [UInt8](repeating: 0, count: 64)
            let count = read(pipe.rawValue, &bytes, bytes.count)
            reply.string(String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self))
        case .openPipe:
            var ends: [Int32] = [0, 0]
            guard pipe(&ends) == 0 else { throw BusError(name: BusError.failed, message: "no pipe") }
            let (reading, writing) = (FileDescriptorHandle(owning: ends[0]), FileDescriptorHandle(owning: ends[1]))
            write(writing.rawValue, "merhaba", 7)
            reply.descriptor(reading)
        case .whoAmI:
            reply.string(call.sender)
            reply.objectPath(call.path)
            reply.string(call.member)
        case .options:
            var keys: [String] = []
            try call.arguments.array { options in
                try options.dictionaryEntry { entry in
                    keys.append(try entry.string())
                    try entry.variant { keys.append($0.nextSignature.text) }
                }
            }
            reply.strings(keys)
        }
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
