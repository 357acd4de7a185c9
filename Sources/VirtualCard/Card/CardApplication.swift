// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// An application on a card: answers whole commands, after the transport has put chained ones together.
protocol CardApplication: Sendable {
    /// The user's PIN; nil where the card has none.
    var pin: PINCounter? { get set }
    /// The PUK, which gives a locked PIN a new value; nil where the card has none.
    var puk: PINCounter? { get set }

    /// Forgets what a loss of power takes: selected file, verified PIN.
    mutating func reset()

    mutating func answer(_ command: CommandAPDU) -> Response

    /// Whether the command makes the card sign; such a one can be slow, or the last one of a card being pulled.
    func isSignature(_ command: CommandAPDU) -> Bool
}

/// A card that is alive and understands nothing.
struct UnknownApplication: CardApplication {
    var pin: PINCounter?
    var puk: PINCounter?

    mutating func reset() {}
    mutating func answer(_ command: CommandAPDU) -> Response { .failed(.unknownClass) }
    func isSignature(_ command: CommandAPDU) -> Bool { false }
}

/// The bytes by which a card introduces itself when it gets power (ISO 7816-3).
public struct AnswerToReset: Sendable, Equatable {
    /// At most 33 bytes on a sound card. Readers call a card with more mute.
    public let bytes: [UInt8]

    public init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Reads hexadecimal digits, with or without spaces and colons; nil where there is anything else.
    public init?(hex: String) {
        let digits = hex.filter { $0 != " " && $0 != ":" }
        let values = digits.compactMap { $0.isASCII ? $0.hexDigitValue : nil }
        guard !values.isEmpty, values.count == digits.count, values.count.isMultiple(of: 2) else { return nil }
        bytes = stride(from: 0, to: values.count, by: 2).map { UInt8(values[$0] << 4 | values[$0 + 1]) }
    }

    /// The one that OpenSC's akis driver knows: AKIS 1.0, "UEKAE V1.0".
    public static let akis = AnswerToReset(
        [0x3B, 0xBA, 0x11, 0x00, 0x81, 0x31, 0xFE, 0x4D] + Array("UEKAE V1.0".utf8) + [0xAE])
    /// One of AKIS 2.x, whose historical bytes begin with "TC", as those of the identity card do.
    public static let akis2 = AnswerToReset([
        0x3B, 0x9F, 0x96, 0x81, 0x31, 0xFE, 0x45, 0x80, 0x65, 0x54, 0x43, 0x12, 0x21, 0x08, 0x31, 0xC0, 0x73, 0xF6,
        0x21, 0x80, 0x81, 0x05, 0x9A,
    ])
    /// AKIS 1.2, which nobody reads without a driver.
    public static let akis12 = AnswerToReset([
        0x3B, 0x9F, 0x96, 0x81, 0x31, 0xFE, 0x45, 0x80, 0x67, 0x55, 0x45, 0x4B, 0x41, 0x45, 0x12, 0x52, 0x31, 0x80,
        0x73, 0xB3, 0xA1, 0x80, 0xAA,
    ])
    /// A plain T=1 card, found by its application and not by these bytes.
    public static let piv = contact(historical: "EONAYPIV")
    /// A card that no driver knows.
    public static let unknown = contact(historical: "MYSTERY")
    /// Longer than any reader accepts, so that powering up fails.
    public static let mute = AnswerToReset([UInt8](repeating: 0, count: 34))

    /// A T=1 card with these historical bytes and a right check byte.
    static func contact(historical: String) -> AnswerToReset {
        let text = Array(historical.utf8)
        let body = [0x80 | UInt8(text.count), 0x80, 0x01] + text
        return AnswerToReset([0x3B] + body + [body.reduce(0, ^)])
    }
}

/// One certificate on a card, with its key or, like a certificate that was only copied there, without.
public struct CardContent: Sendable {
    /// DER; or anything else, which the card stores and hands out all the same.
    public var certificate: [UInt8]
    public var key: SigningKey?
    /// The names of the two objects in PKCS#15.
    public var label: String

    public init(certificate: [UInt8], key: SigningKey? = nil, label: String = "NES") {
        self.certificate = certificate
        self.key = key
        self.label = label
    }

    /// A certificate of the bench's own authority with its key.
    public init(_ issued: IssuedCertificate, label: String = "NES") {
        self.init(certificate: issued.certificate, key: issued.key, label: label)
    }
}

/// The card's PIN: its tries and whether it stands verified. The count survives loss of power, the verification does not.
struct PINCounter: Sendable {
    private static let tries = 3

    private(set) var value: [UInt8]
    private(set) var triesLeft = tries
    private(set) var isVerified = false

    var isLocked: Bool { triesLeft == 0 }

    mutating func verify(_ candidate: [UInt8]) -> Response {
        isVerified = false
        if isLocked { return .failed(.pinLocked) }
        guard candidate == value else {
            triesLeft -= 1
            return .failed(isLocked ? .pinLocked : .wrongPIN(triesLeft: triesLeft))
        }
        triesLeft = Self.tries
        isVerified = true
        return .ok()
    }

    /// Changes the PIN if the old one is right; a wrong one costs a try.
    mutating func change(from old: [UInt8], to new: [UInt8]) -> Response {
        let answer = verify(old)
        if answer.status == .ok { value = new }
        return answer
    }

    /// Gives it a new value and all its tries, after the right PUK; a wrong one costs one of the PUK's.
    mutating func reset(by candidate: [UInt8], _ puk: inout PINCounter?, to new: [UInt8]) -> Response {
        guard let answer = puk?.verify(candidate) else { return .failed(.noSuchReference) }
        if answer.status == .ok { (value, triesLeft, isVerified) = (new, Self.tries, false) }
        return answer
    }

    /// The answer to a query without a PIN.
    var status: StatusWord {
        if isLocked { return .pinLocked }
        return isVerified ? .ok : .wrongPIN(triesLeft: triesLeft)
    }

    mutating func forget() { isVerified = false }

    mutating func setTriesLeft(_ count: Int) {
        triesLeft = min(max(count, 0), Self.tries)
        isVerified = false
    }
}
