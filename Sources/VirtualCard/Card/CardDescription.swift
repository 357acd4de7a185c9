// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// The description of a virtual card, before it is put in.
public struct CardDescription: Sendable {
    /// The card that is emulated.
    public enum Model: String, Sendable, CaseIterable {
        /// AKIS 1.0, as OpenSC's akis driver drives it. RSA-2048 keys only; any certificate.
        case akis
        /// AKIS 2.x, whose certificates everybody may read, without a driver: the files 2F10 to 2F19 in the folder "PKCS-15". OpenSC finds an
        /// IsoApplet on it. Otherwise as AKIS 1.0; at most ten certificates.
        case akis2
        /// A PIV card (NIST SP 800-73). At most four certificates; RSA-2048, P-256 and P-384 keys. They go to 9A (PKCS#11
        /// calls it 01), 9C (02, asks for the PIN each time), 9D (03, does not sign with EC keys), 9E (04, without PIN).
        case piv
        /// A card that answers each command with an error.
        case unknown
        /// A card whose answer to reset never comes right.
        case mute
    }

    public var model: Model
    /// In an AKIS card PKCS#11 numbers them 41, 42, … OpenSC gives up at the first one that it cannot parse, so rubbish goes
    /// last.
    public var contents: [CardContent]
    /// ASCII digits.
    public var pin: String
    /// Wrong tries left at the start; three is full.
    public var triesLeft = 3
    /// ASCII digits, eight of them; it gives a locked PIN a new value.
    public var puk = "87654321"
    /// Wrong tries of the PUK left at the start; three is full.
    public var pukTriesLeft = 3
    /// The card forgets the PIN after each signature: userConsent in PKCS#15, key 9C of a PIV card.
    /// A PIV card puts its first certificate there.
    public var asksPINForEachSignature = false
    /// Identifies the card to PKCS#11, together with the model; 8 bytes are used.
    public var serialNumber: [UInt8] = [0x45, 0x4F, 0x4E, 0x41, 0x59, 0x00, 0x00, 0x01]
    /// The answer to reset; the model's own unless given.
    public var answerToReset: AnswerToReset

    public init(_ model: Model, contents: [CardContent] = [], pin: String = "123456") {
        self.model = model
        self.contents = contents
        self.pin = pin
        switch model {
        case .akis: answerToReset = .akis
        case .akis2: answerToReset = .akis2
        case .piv: answerToReset = .piv
        case .unknown: answerToReset = .unknown
        case .mute: answerToReset = .mute
        }
    }

    /// The card refuses to be made.
    public enum Mistake: Error, Equatable, CustomStringConvertible {
        case keyNotPossible(CardKeyType, Model)
        case tooManyCertificates(most: Int)
        case pinNotPossible

        public var description: String {
            switch self {
            case .keyNotPossible(let key, let model): "a card of type \(model) has no \(key.rawValue) keys"
            case .tooManyCertificates(let most): "at most \(most) certificates fit on this card"
            case .pinNotPossible: "a PIN has 4 to 8 ASCII characters, a PUK 8"
            }
        }
    }

    func makeApplication() throws -> any CardApplication {
        let digits = Array(pin.utf8)
        guard (4...8).contains(digits.count), digits.allSatisfy({ (0x21..<0x7F).contains($0) }), puk.utf8.count == 8
        else {
            throw Mistake.pinNotPossible
        }
        var counter = PINCounter(value: digits)
        counter.setTriesLeft(triesLeft)
        var puk = PINCounter(value: Array(self.puk.utf8))
        puk.setTriesLeft(pukTriesLeft)
        switch model {
        case .akis, .akis2: return try AKISApplication(self, pin: counter, puk: puk)
        case .piv: return try PIVApplication(self, pin: counter, puk: puk)
        case .unknown, .mute: return UnknownApplication()
        }
    }
}
