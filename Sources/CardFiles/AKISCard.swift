// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

// The certificates of an AKİS card, without its driver.
//
// **The problem.** TÜBİTAK's driver is there for one processor and has to be fetched by hand, while the certificates of AKİS 1.0 and 2.x are
// files that everybody may read: EF 2F10 to 2F19 in the folder with the name "PKCS-15" (docs/decisions/0033). **The rule.** SELECT and READ
// BINARY, and nothing else, ever: no PIN, no key, no command that changes anything. **What must not be done.** Nothing that the card says is
// believed: not its lengths, not its promises of more, not that it will come to an end. No card of this kind was at hand; where the sources
// leave a choice, both forms are tried.

internal import SystemBasics

/// An AKİS card whose files are read without a driver.
public enum AKISCard {
    /// The content of the files for certificates.
    public struct Content: Equatable, Sendable {
        /// One DER element each; nobody has looked into it.
        public var files: [[UInt8]] = []
        /// How many hold something else, are cut off, or may not be read.
        public var unreadable = 0
    }

    /// The files on the card in a reader, by the name that PC/SC has for it; nil where the card has no folder for them.
    ///
    /// Blocks. Throws `CardFileError`, also where the card takes longer than `limit`.
    public static func read(reader: [UInt8], within limit: Duration) throws(CardFileError) -> Content? {
        try CardFileReading(PCSCCard(reader: reader), until: Deadline(after: limit)).certificates()
    }
}

/// One reading of one card, within bounds.
struct CardFileReading {
    /// The bounds of what is believed to be a certificate, and of the whole.
    enum Bounds {
        /// A certificate has 1 to 3 KiB.
        static let bytesOfFile = 8 * 1024
        static let identifiers: ClosedRange<UInt16> = 0x2F10...0x2F19
        /// Ten full files need 350.
        static let commands = 600
        /// Bytes at a time. OpenSC's driver of AKIS asks for no more, either.
        static let chunk = 244
        /// How often a card may say that more is waiting: an answer has 256 bytes at most.
        static let continuations = 4
    }

    private static let masterFile: [UInt8] = [0x3F, 0x00]
    /// The folder's name as MA3 selects it, and as PKCS#15 has it.
    private static let folderNames = [Array("PKCS-15".utf8), [0xA0, 0x00, 0x00, 0x00, 0x63] + Array("PKCS-15".utf8)]

    private enum Found {
        case file([UInt8])
        case nothing
        case unreadable
    }

    private let channel: any CardChannel
    private let deadline: Deadline
    private var commands = 0

    init(_ channel: any CardChannel, until deadline: Deadline) { (self.channel, self.deadline) = (channel, deadline) }

    /// Nil where there is no such folder.
    consuming func certificates() throws(CardFileError) -> AKISCard.Content? {
        var reading = self
        guard try reading.selectFolder() else { return nil }
        var content = AKISCard.Content()
        for identifier in Bounds.identifiers {
            switch try reading.file(identifier) {
            case .file(let bytes): content.files.append(bytes)
            case .unreadable: content.unreadable += 1
            case .nothing: break
            }
        }
        return content
    }

    private mutating func selectFolder() throws(CardFileError) -> Bool {
        _ = try select(by: 0x00, Self.masterFile)
        for name in Self.folderNames where try select(by: 0x04, name).isDone { return true }
        return false
    }

    private mutating func file(_ identifier: UInt16) throws(CardFileError) -> Found {
        let name = [UInt8(identifier >> 8), UInt8(identifier & 0xFF)]
        var selected = try select(by: 0x02, name)
        // A card that knows no selection below the folder that is selected.
        if selected.status == Status.wrongParameters { selected = try select(by: 0x00, name) }
        if selected.status == Status.notFound { return .nothing }
        guard selected.isDone else { return .unreadable }
        var content: [UInt8] = []
        while true {
            let length = Self.length(of: content)
            switch length {
            case .known(let length) where content.count >= length: return .file(Array(content.prefix(length)))
            case .none where content.allSatisfy({ $0 == 0xFF || $0 == 0 }): return .nothing
            case .none: return .unreadable
            case .known, .open: break
            }
            let wanted = if case .known(let length) = length { length - content.count } else { Bounds.chunk }
            let chunk = try read(min(wanted, Bounds.chunk), at: content.count)
            // An empty file is a place for a certificate, without one.
            guard !chunk.isEmpty else { return content.isEmpty ? .nothing : .unreadable }
            content += chunk
        }
    }

    private enum ElementLength {
        case known(Int)
        /// More has to be read.
        case open
        /// It begins like no certificate, or is longer than any.
        case none
    }

    /// The length of the DER element (X.690, 8.1) that begins here: a SEQUENCE of up to 64 KiB, in the shortest form or not.
    private static func length(of content: [UInt8]) -> ElementLength {
        guard let tag = content.first else { return .open }
        guard tag == 0x30 else { return .none }
        guard content.count >= 4 else { return .open }
        let length =
            switch content[1] {
            case 0..<0x80: 2 + Int(content[1])
            case 0x81: 3 + Int(content[2])
            case 0x82: 4 + Int(content[2]) << 8 + Int(content[3])
            default: Int.max
            }
        return length <= Bounds.bytesOfFile ? .known(length) : .none
    }

    /// Up to so many bytes of the selected file; none at its end, or where the card does not give them.
    private mutating func read(_ count: Int, at offset: Int) throws(CardFileError) -> [UInt8] {
        let answer = try exchange([0x00, 0xB0, UInt8(offset >> 8 & 0x7F), UInt8(offset & 0xFF), UInt8(count)])
        // The end of the file came before so many bytes: these are the last.
        guard answer.isDone || answer.status == Status.endOfFile else { return [] }
        return Array(answer.data.prefix(count))
    }

    private mutating func select(by selection: UInt8, _ name: [UInt8]) throws(CardFileError) -> Answer {
        try exchange([0x00, 0xA4, selection, 0x00, UInt8(name.count)] + name + [0x00])
    }

    /// Sends a command, and fetches what is left of the answer.
    private mutating func exchange(_ command: [UInt8]) throws(CardFileError) -> Answer {
        var answer = try send(command)
        // Another length is right, as long as it is no way to ask for ever.
        if answer.status >> 8 == 0x6C { answer = try send(command.dropLast() + [UInt8(answer.status & 0xFF)]) }
        for _ in 0..<Bounds.continuations where answer.status >> 8 == 0x61 {
            let more = try send([0x00, 0xC0, 0x00, 0x00, UInt8(answer.status & 0xFF)])
            answer = Answer(data: answer.data + more.data, status: more.status)
        }
        return answer
    }

    private mutating func send(_ command: [UInt8]) throws(CardFileError) -> Answer {
        commands += 1
        guard commands <= Bounds.commands else { throw CardFileError(.failed, "too many commands") }
        guard deadline.left > .zero else { throw CardFileError(.failed, "too slow a card") }
        let bytes = try channel.transmit(command)
        guard bytes.count >= 2 else { throw CardFileError(.failed, "an answer without status") }
        let status = UInt16(bytes[bytes.count - 2]) << 8 | UInt16(bytes[bytes.count - 1])
        return Answer(data: Array(bytes.dropLast(2)), status: status)
    }
}

/// A card's answer to one command.
private struct Answer {
    var data: [UInt8]
    var status: UInt16

    var isDone: Bool { status == Status.done }
}

/// The status words (ISO 7816-4, 5.6) that make a difference here.
private enum Status {
    static let done: UInt16 = 0x9000
    static let endOfFile: UInt16 = 0x6282
    static let notFound: UInt16 = 0x6A82
    static let wrongParameters: UInt16 = 0x6A86
}
