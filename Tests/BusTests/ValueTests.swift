// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import Testing

@Suite(.timeLimit(.minutes(1)))
struct ValueTests {
    static let samples: [Value] = [
        .byte(255), .bool(true), .bool(false), .int16(.min), .uint16(.max), .int32(.min), .uint32(.max), .int64(.min),
        .uint64(.max), .double(-0.5), .string(""), .string("Şğ İı 🪪"), .objectPath("/"), .objectPath("/a/b_1"),
        .signature(""), .signature("a{s(iv)}"), .array(of: "i", []), .array(of: "i", [.int32(1), .int32(2)]),
        .array(of: "ay", [.bytes([1]), .bytes([]), .bytes([2, 3])]), .bytes([]), .bytes([0, 255]), .strings(["a", ""]),
        .structure([.int32(1), .structure([.string("x"), .array(of: "s", [])])]),
        .dictionary(key: "s", value: "v", []), .options(["b": .int32(1), "a": .variant(.string("deep"))]),
        .dictionary(key: "u", value: "(ss)", [.init(.uint32(1), .structure([.string("a"), .string("b")]))]),
        .variant(.variant(.structure([.byte(1)]))),
        .array(of: "(sa{sv})", [.structure([.string("k"), .options(["n": .strings(["x"])])])]),
    ]

    @Test func everyTypeComesBackAsItWas() async throws {
        try await withBus { bench in
            _ = try await Sample.export(on: bench.service)
            for sample in Self.samples {
                #expect(try await bench.call("Echo", [.variant(sample)]) == [.variant(sample)])
            }
        }
    }

    static let impossible: [Value] = [
        .string("a\0b"), .structure([]), .array(of: "i", [.string("not i")]), .array(of: "ii", []),
        .dictionary(key: "v", value: "s", []), .dictionary(key: "s", value: "i", [.init(.string("k"), .string("v"))]),
        (0..<40).reduce(.byte(1)) { value, _ in .variant(value) },
        (0..<40).reduce(.byte(1)) { value, _ in .structure([value]) },
        .string(String(repeating: "x", count: 17 << 20)),
    ]

    @Test(arguments: impossible.indices)
    func whatCannotBeSentIsRefusedAndEndsNothing(index: Int) async throws {
        try await withBus { bench in
            _ = try await Sample.export(on: bench.service)
            await #expect(throws: BusError.self) { try await bench.call("Echo", [.variant(Self.impossible[index])]) }
            #expect(try await bench.call("Add", [.int32(1), .int32(1)]) == [.int32(2)])
        }
    }

    @Test func pathsAndSignaturesAreCheckedWhenMade() throws {
        for path in ["", "a", "/a/", "//", "/ş", "/a-b", "/a\0"] {
            #expect(throws: BusError.self) { try ObjectPath(path) }
        }
        for signature in ["a", "(", "()", "a{vs}", "z", "{ss}", "s\0", String(repeating: "a", count: 33) + "i"] {
            #expect(throws: BusError.self) { try Signature(signature) }
        }
    }

    @Test func pathsKnowWhatIsBelowThem() throws {
        let path: ObjectPath = "/org/eonay"
        #expect(ObjectPath("/org/eonay/x").isBelow(path))
        #expect(!ObjectPath("/org/eonayx").isBelow(path))
        #expect(!path.isBelow(path))
        #expect(path.isBelow("/"))
        #expect(try path.child("a") == "/org/eonay/a")
        #expect(try ObjectPath("/").child("a") == "/a")
    }

    @Test func anErrorNameThatIsNoneBecomesFailed() {
        #expect(BusError(name: "no dots", message: "").name == BusError.failed)
    }
}
