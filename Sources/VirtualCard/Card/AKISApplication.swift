// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// An AKIS card in use, as far as OpenSC's akis driver (0.23) can tell: file selection, PIN, RSA signatures.
///
/// OpenSC 0.25 and later have no such driver. For them the card is an IsoApplet, too, whose driver looks for its name and then speaks plain
/// ISO 7816-4 and -8.
struct AKISApplication: CardApplication {
    var pin: PINCounter?
    var puk: PINCounter?
    private let files: AKISFiles
    private let keys: [UInt8: SigningKey]
    private let serialNumber: [UInt8]
    private let asksPINForEachSignature: Bool

    private var folder = AKISFiles.master
    private var file: AKISFiles.Path?
    private var selectedKey: UInt8?

    /// The name of IsoApplet, and its answer: version 0.6, none of the features that one can have.
    private static let isoApplet: [UInt8] = [
        0xF2, 0x76, 0xA2, 0x88, 0xBC, 0xFB, 0xA6, 0x9D, 0x34, 0xF3, 0x10, 0x01,
    ]
    private static let isoAppletVersion: [UInt8] = [0x00, 0x06, 0x00]

    private enum Instruction {
        static let verify: UInt8 = 0x20
        static let manageSecurityEnvironment: UInt8 = 0x22
        static let changePIN: UInt8 = 0x24
        static let performSecurityOperation: UInt8 = 0x2A
        static let resetRetryCounter: UInt8 = 0x2C
        static let getChallenge: UInt8 = 0x84
        static let select: UInt8 = 0xA4
        static let readBinary: UInt8 = 0xB0
        static let getData: UInt8 = 0xCA
        static let logout: UInt8 = 0x1A
    }

    init(_ description: CardDescription, pin: PINCounter, puk: PINCounter) throws {
        for key in description.contents.compactMap(\.key) where key.type != .rsa2048 {
            throw CardDescription.Mistake.keyNotPossible(key.type, description.model)
        }
        let most = AKISFiles.mostCertificates(description.model)
        guard description.contents.count <= most else {
            throw CardDescription.Mistake.tooManyCertificates(most: most)
        }
        (self.pin, self.puk) = (pin, puk)
        files = AKISFiles(description)
        keys = Dictionary(
            uniqueKeysWithValues: description.contents.enumerated().compactMap { index, content in
                content.key.map { (AKISFiles.keyReference(index), $0) }
            })
        serialNumber = description.serialNumber
        asksPINForEachSignature = description.asksPINForEachSignature
    }

    mutating func reset() {
        pin?.forget()
        folder = AKISFiles.master
        file = nil
        selectedKey = nil
    }

    func isSignature(_ command: CommandAPDU) -> Bool {
        command.ins == Instruction.performSecurityOperation && command.parameters == 0x9E9A
    }

    mutating func answer(_ command: CommandAPDU) -> Response {
        switch (command.cla, command.ins) {
        case (0x00, Instruction.select): return select(command)
        case (0x00, Instruction.readBinary): return read(command)
        case (0x00, Instruction.verify): return pin?.verify(command.data) ?? .failed(.noSuchReference)
        case (0x00, Instruction.changePIN): return changePIN(command)
        case (0x00, Instruction.resetRetryCounter): return resetRetryCounter(command)
        case (0x00, Instruction.manageSecurityEnvironment):
            return selectKey(command)
        case (0x00, Instruction.performSecurityOperation): return sign(command)
        case (0x00, Instruction.getChallenge): return .ok(randomBytes(command.expected ?? 8))
        case (0x00, Instruction.getData): return data(command)
        case (0x80, Instruction.logout):
            pin?.forget()
            return .ok()
        case (0x00, _): return .failed(.unknownInstruction)
        default: return .failed(.unknownClass)
        }
    }

    private mutating func select(_ command: CommandAPDU) -> Response {
        if command.p1 == 0x04 { return selectApplication(command) }
        let identifiers = AKISFiles.path(command.data)
        let path: AKISFiles.Path
        switch command.p1 {
        case 0x08: path = (identifiers.starts(with: AKISFiles.master) ? [] : AKISFiles.master) + identifiers
        case 0x00 where identifiers == AKISFiles.master: path = identifiers
        case 0x00, 0x02: path = folder + identifiers
        default: return .failed(.wrongParameters)
        }
        guard !identifiers.isEmpty, let found = files[path] else { return .failed(.notFound) }
        // P1 = 02 asks for a file and must not find a folder; the driver tries both.
        if command.p1 == 0x02, case .folder = found { return .failed(.notFound) }
        switch found {
        case .folder: (folder, file) = (path, nil)
        case .file: (folder, file) = (Array(path.dropLast()), path)
        }
        return .ok(files.control(of: path, found))
    }

    /// Selecting it anew is how the IsoApplet forgets the PIN.
    private mutating func selectApplication(_ command: CommandAPDU) -> Response {
        if let path = files.folder(named: command.data), let found = files[path] {
            pin?.forget()
            (folder, file) = (path, nil)
            return .ok(files.control(of: path, found))
        }
        guard command.data == Self.isoApplet else { return .failed(.notFound) }
        reset()
        return .ok(command.expected == nil ? [] : Self.isoAppletVersion)
    }

    private func read(_ command: CommandAPDU) -> Response {
        guard let file, case .file(let content) = files[file] else { return .failed(.noCurrentFile) }
        let offset = Int(command.parameters)
        guard offset < content.count else { return .failed(.offsetBeyondEnd) }
        return .ok(Array(content.dropFirst(offset).prefix(command.expected ?? 0)))
    }

    /// AKIS has the key's number in P2, ISO 7816-8 in the template for signatures (B6), under the tag 84.
    private mutating func selectKey(_ command: CommandAPDU) -> Response {
        var reference: UInt8?
        switch command.parameters {
        case 0xC300...0xC3FF: reference = command.p2
        case 0x41B6:
            var template = TagReader(command.data)
            while let (tag, content) = template.next() {
                if tag == 0x84 { reference = content.first }
            }
        default: return .failed(.wrongParameters)
        }
        guard let reference, keys[reference] != nil else { return .failed(.noSuchReference) }
        selectedKey = reference
        return .ok()
    }

    /// The data are the old and the new PIN, each after its length; without lengths where P1 is 0, as in ISO 7816-4.
    private mutating func changePIN(_ command: CommandAPDU) -> Response {
        if command.p1 == 0, let length = pin?.value.count {
            return change(from: Array(command.data.prefix(length)), to: Array(command.data.dropFirst(length)))
        }
        guard let oldLength = command.data.first.map(Int.init), command.data.count > oldLength + 1 else {
            return .failed(.wrongData)
        }
        let old = Array(command.data[1...oldLength])
        let rest = command.data.dropFirst(oldLength + 1)
        let new = Array(rest.dropFirst())
        guard Int(rest.first ?? 0) == new.count else { return .failed(.wrongData) }
        return change(from: old, to: new)
    }

    /// The PUK and the new PIN, as ISO 7816-4 has them: OpenSC's akis driver does not know the command, its IsoApplet driver does.
    private mutating func resetRetryCounter(_ command: CommandAPDU) -> Response {
        guard command.p1 == 0, let length = puk?.value.count else { return .failed(.wrongParameters) }
        let new = Array(command.data.dropFirst(length))
        guard Self.lengths.contains(new.count) else { return .failed(.wrongData) }
        return pin?.reset(by: Array(command.data.prefix(length)), &puk, to: new) ?? .failed(.noSuchReference)
    }

    private static let lengths = 4...16

    private mutating func change(from old: [UInt8], to new: [UInt8]) -> Response {
        guard Self.lengths.contains(new.count) else { return .failed(.wrongData) }
        return pin?.change(from: old, to: new) ?? .failed(.noSuchReference)
    }

    private mutating func sign(_ command: CommandAPDU) -> Response {
        guard isSignature(command) else { return .failed(.wrongParameters) }
        guard pin?.isVerified == true else { return .failed(.pinNotVerified) }
        guard let selectedKey, let key = keys[selectedKey] else { return .failed(.noSuchReference) }
        if asksPINForEachSignature { pin?.forget() }
        // A whole block is for the key as it is; anything shorter is a DigestInfo, which the card pads.
        let operation: SigningKey.RawOperation = command.data.count == 256 ? .rsa : .rsaPKCS1
        guard let signature = try? key.raw(operation, command.data) else {
            // Too long a DigestInfo, or a block not below the modulus.
            return .failed(.wrongData)
        }
        return .ok(signature)
    }

    private func data(_ command: CommandAPDU) -> Response {
        switch command.parameters {
        case 0x0104:  // life cycle: in the user's hands
            return .ok([0, 0, 0, 0, 0, 0, 0xA5, 0, 0, 0])
        case 0x0106:  // chip information, the serial number in twelve bytes from the 55th
            let serial = (serialNumber + [UInt8](repeating: 0, count: 12)).prefix(12)
            return .ok([UInt8](repeating: 0, count: 55) + serial + [UInt8](repeating: 0, count: 10))
        case 0x0101:  // of a newer IsoApplet; OpenSC takes the answer to SELECT then
            return .failed(.unknownInstruction)
        default: return .failed(.noSuchReference)
        }
    }
}
