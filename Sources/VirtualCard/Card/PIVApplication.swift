// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// A PIV card in use (NIST SP 800-73-4, part 2), as far as OpenSC's PIV driver can tell.
struct PIVApplication: CardApplication {
    var pin: PINCounter?
    var puk: PINCounter?
    private let objects: PIVObjects
    private let keys: [UInt8: SigningKey]

    private enum Instruction {
        static let verify: UInt8 = 0x20
        static let changePIN: UInt8 = 0x24
        static let resetRetryCounter: UInt8 = 0x2C
        static let authenticate: UInt8 = 0x87
        static let select: UInt8 = 0xA4
        static let getData: UInt8 = 0xCB
    }

    private static let mostCertificates = 4
    private static let pinReference: UInt8 = 0x80
    private static let pinLength = 8

    init(_ description: CardDescription, pin: PINCounter, puk: PINCounter) throws {
        guard description.contents.count <= Self.mostCertificates else {
            throw CardDescription.Mistake.tooManyCertificates(most: Self.mostCertificates)
        }
        for key in description.contents.compactMap(\.key) where Self.algorithm(key.type) == nil {
            throw CardDescription.Mistake.keyNotPossible(key.type, .piv)
        }
        (self.pin, self.puk) = (pin, puk)
        let slots = PIVObjects.slots(asksPINForEachSignature: description.asksPINForEachSignature)
        objects = PIVObjects(description, slots: slots)
        keys = Dictionary(
            uniqueKeysWithValues: zip(slots, description.contents).compactMap { slot, content in
                content.key.map { (slot.key, $0) }
            })
    }

    /// The algorithm identifiers of SP 800-78.
    private static func algorithm(_ type: CardKeyType) -> UInt8? {
        switch type {
        case .rsa2048: 0x07
        case .p256: 0x11
        case .p384: 0x14
        case .rsa3072, .rsa4096: nil
        }
    }

    mutating func reset() { pin?.forget() }

    func isSignature(_ command: CommandAPDU) -> Bool { command.ins == Instruction.authenticate }

    mutating func answer(_ command: CommandAPDU) -> Response {
        guard command.cla & 0xEF == 0 else { return .failed(.unknownClass) }
        switch command.ins {
        case Instruction.select: return select(command)
        case Instruction.getData: return data(command)
        case Instruction.verify: return verify(command)
        case Instruction.changePIN: return changePIN(command)
        case Instruction.resetRetryCounter: return resetRetryCounter(command)
        case Instruction.authenticate: return sign(command)
        default: return .failed(.unknownInstruction)
        }
    }

    /// There is one application; a foreign name leaves it selected, or OpenSC would lose it while it tries its drivers.
    private func select(_ command: CommandAPDU) -> Response {
        let name = PIVObjects.applicationIdentifier
        guard command.p1 == 0x04, command.data.count >= 5, name.starts(with: command.data.prefix(9)) else {
            return .failed(.notFound)
        }
        return .ok(
            DER.element(
                0x61, DER.element(0x4F, Array(name.dropFirst(5))),
                DER.element(0x79, DER.element(0x4F, Array(name.prefix(5))))))
    }

    private func data(_ command: CommandAPDU) -> Response {
        guard command.parameters == 0x3FFF, command.data.count >= 3, command.data[0] == 0x5C,
            Int(command.data[1]) == command.data.count - 2
        else { return .failed(.wrongData) }
        return objects[Array(command.data.dropFirst(2))].map { .ok($0) } ?? .failed(.notFound)
    }

    private mutating func verify(_ command: CommandAPDU) -> Response {
        guard command.p2 == Self.pinReference else { return .failed(.noSuchReference) }
        if command.p1 == 0xFF {
            pin?.forget()
            return .ok()
        }
        guard let status = pin?.status else { return .failed(.noSuchReference) }
        if command.data.isEmpty { return Response(status: status) }
        guard command.data.count == Self.pinLength else { return .failed(.wrongData) }
        return pin?.verify(Self.unpadded(command.data)) ?? .failed(.noSuchReference)
    }

    private mutating func changePIN(_ command: CommandAPDU) -> Response {
        guard command.p2 == Self.pinReference else { return .failed(.noSuchReference) }
        guard let (old, new) = Self.halves(command.data) else { return .failed(.wrongData) }
        return pin?.change(from: old, to: new) ?? .failed(.noSuchReference)
    }

    private mutating func resetRetryCounter(_ command: CommandAPDU) -> Response {
        guard command.p2 == Self.pinReference else { return .failed(.noSuchReference) }
        guard let (puk, new) = Self.halves(command.data) else { return .failed(.wrongData) }
        return pin?.reset(by: puk, &self.puk, to: new) ?? .failed(.noSuchReference)
    }

    /// The PIN or PUK that opens it, and the new PIN, which is of digits (SP 800-73-4, part 2, 2.4.3).
    private static func halves(_ data: [UInt8]) -> (key: [UInt8], new: [UInt8])? {
        guard data.count == 2 * pinLength else { return nil }
        let new = unpadded(Array(data.suffix(pinLength)))
        guard new.count >= 4, new.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return (unpadded(Array(data.prefix(pinLength))), new)
    }

    private static func unpadded(_ field: [UInt8]) -> [UInt8] { Array(field.prefix { $0 != 0xFF }) }

    /// GENERAL AUTHENTICATE with a challenge: 7C { 82: empty, 81: what is to be signed }.
    private mutating func sign(_ command: CommandAPDU) -> Response {
        guard let key = keys[command.p2], Self.algorithm(key.type) == command.p1 else {
            return .failed(.noSuchReference)
        }
        if command.p2 != PIVObjects.cardAuthentication.key, pin?.isVerified != true { return .failed(.pinNotVerified) }
        if command.p2 == PIVObjects.signature.key { pin?.forget() }
        guard let challenge = Self.challenge(command.data),
            let signature = try? key.raw(key.type.isRSA ? .rsa : .ecdsa, challenge)  // a block beyond the modulus
        else { return .failed(.wrongData) }
        return .ok(DER.element(0x7C, DER.element(0x82, signature)))
    }

    private static func challenge(_ template: [UInt8]) -> [UInt8]? {
        var outer = TagReader(template)
        guard let (tag, content) = outer.next(), tag == 0x7C else { return nil }
        var inner = TagReader(content)
        while let (tag, content) = inner.next() {
            if tag == 0x81 { return content }
        }
        return nil
    }
}
