// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import SystemBasics

@testable import CardFiles

/// A card without a reader: answers each command by a function of the test.
final class ScriptedCard: CardChannel {
    private let answer: ([UInt8]) throws(CardFileError) -> [UInt8]
    private(set) var commands: [[UInt8]] = []

    init(_ answer: @escaping ([UInt8]) throws(CardFileError) -> [UInt8]) { self.answer = answer }

    func transmit(_ command: [UInt8]) throws(CardFileError) -> [UInt8] {
        commands.append(command)
        return try answer(command)
    }

    func certificates(within limit: Duration = .seconds(10)) throws(CardFileError) -> AKISCard.Content? {
        try CardFileReading(self, until: Deadline(after: limit)).certificates()
    }
}

/// A sound card's answers, for tests that change one of them.
struct SoundCard {
    static let done: [UInt8] = [0x90, 0x00]
    static let notFound: [UInt8] = [0x6A, 0x82]

    var files: [UInt16: [UInt8]]
    var folder = Array("PKCS-15".utf8)
    /// The P1 by which files below a folder are selected.
    var fileSelection: UInt8 = 0x02
    private var selected: [UInt8]?

    init(_ files: [UInt16: [UInt8]]) { self.files = files }

    mutating func answer(_ command: [UInt8]) -> [UInt8] {
        switch command[1] {
        case 0xA4: return select(command[2], Array(command[5..<5 + Int(command[4])]))
        case 0xB0:
            let offset = Int(command[2]) << 8 | Int(command[3])
            guard let selected else { return [0x69, 0x86] }
            guard offset < selected.count else { return [0x6B, 0x00] }
            return Array(selected[offset...].prefix(Int(command[4]))) + Self.done
        default: return [0x6D, 0x00]
        }
    }

    private mutating func select(_ selection: UInt8, _ name: [UInt8]) -> [UInt8] {
        if selection == 0x04 { return name == folder ? Self.done : Self.notFound }
        if name == [0x3F, 0x00] { return Self.done }
        guard selection == fileSelection else { return [0x6A, 0x86] }
        selected = files[UInt16(name[0]) << 8 | UInt16(name[1])]
        return selected == nil ? Self.notFound : Self.done
    }

    /// A DER element of this many bytes that has the form of a certificate from outside.
    static func element(_ length: Int) -> [UInt8] {
        [0x30, 0x82, UInt8((length - 4) >> 8), UInt8((length - 4) & 0xFF)]
            + (0..<length - 4).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    }
}
