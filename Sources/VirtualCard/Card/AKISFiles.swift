// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// The file system of a virtual AKIS card: a PKCS#15 application (ISO 7816-15) in 3F00/5015.
struct AKISFiles {
    typealias Path = [UInt16]

    enum Entry {
        case folder
        case file([UInt8])
    }

    static let master: Path = [0x3F00]
    private static let application: Path = [0x3F00, 0x5015]
    /// Certificates are the files 4301 to 430F, on AKIS 2.x 2F10 to 2F19 as well.
    static func mostCertificates(_ model: CardDescription.Model) -> Int { model == .akis2 ? 10 : 15 }

    private enum Name {
        static let directory: UInt16 = 0x2F00
        static let objects: UInt16 = 0x5031
        static let token: UInt16 = 0x5032
        static let firstCertificate: UInt16 = 0x4301
        static let firstOpenCertificate: UInt16 = 0x2F10
        static let privateKeys: UInt16 = 0x4401
        static let certificates: UInt16 = 0x4404
        static let pins: UInt16 = 0x4408
    }

    private let entries: [Path: Entry]
    /// The name by which the application can be selected; nil where it has none.
    private let name: [UInt8]?

    init(_ description: CardDescription) {
        let serial = description.serialNumber
        let hexSerial = serial.prefix(8).map { String(UInt16($0) + 0x100, radix: 16, uppercase: true).dropFirst() }
            .joined()
        var entries: [Path: Entry] = [Self.master: .folder, Self.application: .folder]
        entries[Self.master + [Name.directory]] = .file(
            DER.element(
                0x61,
                DER.element(0x4F, [0xA0, 0x00, 0x00, 0x00, 0x63] + Array("PKCS-15".utf8)),
                DER.element(0x50, Array("AKIS".utf8)),
                DER.element(0x51, Self.bytes(Self.application))))
        func add(_ name: UInt16, _ content: [UInt8]) { entries[Self.application + [name]] = .file(content) }
        func list(_ tag: UInt16, _ name: UInt16) -> [UInt8] {
            DER.element(tag, DER.sequence(DER.octets(Self.bytes(Self.application + [name]))))
        }
        add(
            Name.objects,
            list(0xA0, Name.privateKeys) + list(0xA4, Name.certificates) + list(0xA8, Name.pins))
        add(
            Name.token,
            DER.sequence(
                DER.integer(0), DER.octets(Array(serial.prefix(8))), DER.utf8("E-Onay"),
                DER.element(0x80, Array("AKIS_\(hexSerial)".utf8)), DER.bits(set: [1, 2])))
        add(Name.privateKeys, Self.keyEntries(description))
        add(Name.certificates, Self.certificateEntries(description.contents))
        add(Name.pins, Self.pinEntry())
        for (index, content) in description.contents.enumerated() {
            add(Name.firstCertificate + UInt16(index), content.certificate)
            guard description.model == .akis2 else { continue }
            add(Name.firstOpenCertificate + UInt16(index), content.certificate)
        }
        name = description.model == .akis2 ? Array("PKCS-15".utf8) : nil
        self.entries = entries
    }

    subscript(path: Path) -> Entry? { entries[path] }

    /// The folder that has this name; nil where none has.
    func folder(named name: [UInt8]) -> Path? { name == self.name ? Self.application : nil }

    /// The answer to SELECT. The driver insists on the security byte (tag 90); bit 04 clear would ask for the PIN.
    func control(of path: Path, _ entry: Entry) -> [UInt8] {
        let (size, kind, security): (Int, UInt8, UInt8) =
            switch entry {
            case .folder: (0, 0x38, 0x12)
            case .file(let content): (content.count, 0x01, 0x16)
            }
        return DER.element(
            0x6F,
            DER.element(0x80, [UInt8(size >> 8 & 0xFF), UInt8(size & 0xFF)]),
            DER.element(0x82, [kind]),
            DER.element(0x83, Self.bytes(path.suffix(1).map { $0 })),
            DER.element(0x90, [security]))
    }

    static func path(_ bytes: [UInt8]) -> Path {
        guard bytes.count.isMultiple(of: 2) else { return [] }
        return stride(from: 0, to: bytes.count, by: 2).map { UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]) }
    }

    private static func bytes(_ path: Path) -> [UInt8] { path.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] } }

    /// The way in which the card learns which key to sign with.
    static func keyReference(_ index: Int) -> UInt8 { 0x81 + UInt8(index) }

    /// CKA_ID of the certificate and its key: 41, 42, …
    private static func identifier(_ index: Int) -> [UInt8] { [0x41 + UInt8(index)] }
    private static let pinIdentifier: [UInt8] = [0x01]

    private static func keyEntries(_ description: CardDescription) -> [UInt8] {
        var entries: [UInt8] = []
        for (index, content) in description.contents.enumerated() where content.key != nil {
            let consent = description.asksPINForEachSignature ? DER.integer(1) : []
            entries += DER.sequence(
                DER.sequence(DER.utf8(content.label), DER.bits(set: [0]), DER.octets(pinIdentifier), consent),
                // Usage: sign and nonRepudiation. Access: sensitive, always so, never extractable, made on the card.
                DER.sequence(
                    DER.octets(identifier(index)), DER.bits(set: [2, 9]), DER.bits(set: [0, 2, 3, 4]),
                    DER.integer(Int(keyReference(index)))),
                DER.element(
                    0xA1, DER.sequence(DER.sequence(DER.octets(bytes(application))), DER.integer(2048))))
        }
        return entries
    }

    private static func certificateEntries(_ contents: [CardContent]) -> [UInt8] {
        var entries: [UInt8] = []
        for (index, content) in contents.enumerated() {
            let path = application + [Name.firstCertificate + UInt16(index)]
            entries += DER.sequence(
                DER.sequence(DER.utf8(content.label), DER.bits(set: [])),
                DER.sequence(DER.octets(identifier(index))),
                DER.element(0xA1, DER.sequence(DER.sequence(DER.octets(bytes(path))))))
        }
        return entries
    }

    private static func pinEntry() -> [UInt8] {
        DER.sequence(
            DER.sequence(DER.utf8("PIN"), DER.bits(set: [0, 1])),
            DER.sequence(DER.octets(pinIdentifier)),
            // Case-sensitive, initialised; ASCII digits; 4 to 16 of them, sent as they are; reference 1.
            DER.element(
                0xA1,
                DER.sequence(
                    DER.bits(set: [0, 4]), DER.enumerated(1), DER.integer(4), DER.integer(16), DER.integer(16),
                    DER.element(0x80, [0x01]), DER.sequence(DER.octets(bytes(application))))))
    }
}
