// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// A policy that a certificate was issued under (RFC 5280, 4.2.1.4).
public struct CertificatePolicy: Sendable, Hashable {
    /// In dotted decimal.
    public let identifier: String
    /// The user notices' texts.
    public let notices: [String]
}

/// One statement of a qualified certificate (RFC 3739, 3.2.6; ETSI EN 319 412-5).
public struct QCStatement: Sendable, Hashable {
    /// In dotted decimal.
    public let identifier: String

    /// The free text of the statement, "" where it has none. Turkish certificates say here what they may be used for.
    public let text: String

    /// The object identifiers inside the statement, such as the types of a QcType statement.
    public let identifiers: [String]

    /// The most that a transaction may be worth, in a QcLimitValue statement.
    public let limit: TransactionLimit?

    /// `OID` or `OID=text`, as `inspect` shows it.
    public var description: String {
        text.isEmpty ? identifier : "\(identifier)=\(text)"
    }
}

/// The most that a transaction signed by a certificate may be worth (ETSI EN 319 412-5, 4.3.2: amount · 10^exponent).
public struct TransactionLimit: Sendable, Hashable {
    /// ISO 4217, "TRY"; the number where it has no letters and is unknown here.
    public let currency: String
    /// In decimal digits, "1500" or "0.5"; with an exponent, "1E+40", where it would be endless.
    public let amount: String

    /// `1500 TRY`.
    public var description: String { "\(amount) \(currency)" }

    private static let currencies = [756: "CHF", 826: "GBP", 840: "USD", 949: "TRY", 978: "EUR"]

    /// Reads a MonetaryValue.
    init(_ element: DERElement) throws(DERError) {
        guard element.tag == DERTag.sequence else { throw DERError(.unexpectedTag) }
        var parts = DERReader(element.content)
        let code = try parts.next()
        if code.tag == DERTag.integer {
            let number = try DERReader.smallInteger(code.content)
            currency = Self.currencies[number] ?? "\(number)"
        } else {
            guard let letters = DERString.text(code) else { throw DERError(.unexpectedTag) }
            currency = letters
        }
        let digits = try Self.decimal(parts.integerOctets())
        let exponent = try Self.small(parts.integerOctets())
        try parts.expectEnd()
        amount = Self.scaled(digits, by: exponent)
    }

    /// An unsigned number of at most 32 octets in decimal digits.
    private static func decimal(_ octets: ArraySlice<UInt8>) throws(DERError) -> [UInt8] {
        guard let first = octets.first, first < 0x80, octets.count <= 32 else { throw DERError(.badValue) }
        var digits: [UInt8] = [0]
        for octet in octets {
            var carry = Int(octet)
            for place in digits.indices.reversed() {
                let value = Int(digits[place]) * 256 + carry
                digits[place] = UInt8(value % 10)
                carry = value / 10
            }
            while carry > 0 {
                digits.insert(UInt8(carry % 10), at: 0)
                carry /= 10
            }
        }
        return digits
    }

    private static func small(_ octets: ArraySlice<UInt8>) throws(DERError) -> Int {
        guard let first = octets.first, octets.count <= 4 else { throw DERError(.badValue) }
        return octets.reduce(first < 0x80 ? 0 : -1) { $0 << 8 | Int($1) }
    }

    private static func scaled(_ digits: [UInt8], by exponent: Int) -> String {
        var text = digits.map { "\($0)" }.joined()
        if text == "0" || exponent == 0 { return text }
        if exponent > 0 {
            return exponent <= 24 ? text + String(repeating: "0", count: exponent) : "\(text)E+\(exponent)"
        }
        guard exponent >= -24 else { return "\(text)E\(exponent)" }
        if text.count <= -exponent { text = String(repeating: "0", count: 1 - exponent - text.count) + text }
        let whole = text.dropLast(-exponent)
        var rest = text.suffix(-exponent)
        while rest.last == "0" { rest.removeLast() }
        return rest.isEmpty ? String(whole) : "\(whole).\(rest)"
    }
}
