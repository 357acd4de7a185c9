// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// A job's output, bounded, and without anything that might be personal.
///
/// A module may print anything: commands to the card with the PIN in them, certificates, names, the identity number. No list of their
/// forms is complete, so the rule names what may stay: words in small letters, names of functions and of error codes, and small
/// numbers that stand alone.
struct MaskedOutput {
    static let mostLines = 200
    static let longestLine = 200
    /// Stands for something left out.
    static let mask = "…"

    private(set) var lines: [String] = []
    /// How many lines came after the last that was kept.
    private(set) var dropped = 0
    private var line: [UInt8] = []
    private var isLong = false

    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        for byte in bytes {
            if byte == UInt8(ascii: "\n") {
                endLine()
            } else if line.count < Self.longestLine {
                line.append(byte)
            } else {
                isLong = true
            }
        }
    }

    /// No more will come.
    mutating func finish() {
        if !line.isEmpty { endLine() }
        if dropped > 0 { lines.append("\(Self.mask) (\(dropped))") }
        dropped = 0
    }

    private mutating func endLine() {
        defer { (line, isLong) = ([], false) }
        guard lines.count < Self.mostLines else {
            dropped += 1
            return
        }
        let masked = Self.masked(line) + (isLong ? Self.mask : "")
        if masked.contains(where: { $0.isLetter || $0.isNumber }) { lines.append(masked) }
    }

    // MARK: - Words that stay

    /// A line as it may be shown.
    static func masked(_ line: [UInt8]) -> String {
        let pieces = pieces(of: line)
        let words = pieces.indices.filter { pieces[$0].isWord }
        var shown = ""
        for (index, piece) in pieces.enumerated() {
            guard piece.isWord else {
                shown += piece.text
                continue
            }
            let place = words.firstIndex(of: index) ?? 0
            let neighbours = [place - 1, place + 1].filter(words.indices.contains).map { pieces[words[$0]].text }
            let marks = [index - 1, index + 1].filter(pieces.indices.contains).map { pieces[$0].text }
            let isAddress = marks.contains { $0.contains("@") || $0.contains("~") }
            let isHome = neighbours.first == "home" && place > 0
            let stays = !isAddress && !isHome && isHarmless(piece.text, between: neighbours)
            if stays {
                shown += piece.text
            } else if !shown.hasSuffix(mask) {
                shown += mask
            }
        }
        return shown
    }

    private struct Piece {
        var text: String
        let isWord: Bool
    }

    /// Words, and what stands between them. Octets that are no visible ASCII make a word of their own kind, which never stays.
    private static func pieces(of line: [UInt8]) -> [Piece] {
        var pieces: [Piece] = []
        for byte in line {
            let isWord = isLetter(byte) || isDigit(byte) || byte == UInt8(ascii: "_") || byte >= 0x7F || byte < 0x20
            let isTab = byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
            // U+FFFD makes sure that an octet outside ASCII is masked.
            let text = isTab ? " " : byte < 0x7F && byte >= 0x20 ? String(Unicode.Scalar(byte)) : "\u{FFFD}"
            if let last = pieces.last, last.isWord == (isWord && !isTab) {
                pieces[pieces.count - 1].text += text
            } else {
                pieces.append(Piece(text: text, isWord: isWord && !isTab))
            }
        }
        return pieces
    }

    private static func isHarmless(_ word: String, between neighbours: [String]) -> Bool {
        let bytes = Array(word.utf8)
        guard bytes.count <= 32, bytes.allSatisfy({ isLetter($0) || isDigit($0) || $0 == UInt8(ascii: "_") }) else {
            return false
        }
        if isNumber(word) {
            // Two numbers side by side may be parts of one, or of what a card was sent.
            return !neighbours.contains(where: isNumber) && isSmall(word)
        }
        guard bytes.count(where: isDigit) <= 3 else { return false }
        // Bytes without a digit in them are hexadecimal all the same.
        guard bytes.count < 6 || !bytes.allSatisfy(isHexadecimal) else { return false }
        if word.first?.isUppercase != true { return !word.contains(where: \.isUppercase) }
        return vocabulary.contains(word) || prefixes.contains { word.hasPrefix($0) && word.utf8.count > $0.utf8.count }
    }

    /// Whether it could be a part of a number: digits, or a byte in hexadecimal.
    private static func isNumber(_ word: String) -> Bool {
        let bytes = Array(word.utf8)
        if word.hasPrefix("0x") || word.hasPrefix("0X") { return true }
        guard bytes.allSatisfy(isHexadecimal) else { return false }
        return bytes.count <= 2 || bytes.contains(where: isDigit)
    }

    private static func isSmall(_ word: String) -> Bool {
        let word = word.lowercased()
        guard word.hasPrefix("0x") else { return word.count <= 3 }
        let digits = word.dropFirst(2)
        // Module's and PC/SC's error codes, such as 0x00000005 and 0x8010001D.
        return digits.count <= 8 && (digits.drop { $0 == "0" }.count <= 3 || digits.hasPrefix("8010"))
    }

    /// The prefixes of constants and functions of smart-card software.
    private static let prefixes = [
        "CKR_", "CKF_", "CKM_", "CKA_", "CKO_", "CKU_", "CKS_", "C_", "SC_", "SCARD_", "SCard", "LIBUSB_", "IFD", "RV_",
    ]

    /// Words with a capital that are no person's name.
    private static let vocabulary: Set<String> = [
        "A", "An", "The", "No", "Not", "Error", "ERROR", "Warning", "WARNING", "INFO", "DEBUG", "Failed", "FAILED",
        "Failure",
        "Cannot", "Could", "Can", "Unable", "Unknown", "Unsupported", "Invalid", "Missing", "Wrong", "Library",
        "Module",
        "Card", "CARD", "Reader", "Token", "Slot", "Symbol", "File", "Function", "Connection", "Service", "Permission",
        "Access", "Device", "Timeout", "Segmentation", "Assertion", "OK", "Using", "Trying", "Loading", "Loaded",
        "Opening",
        "Found", "PIN", "PUK", "ATR", "APDU", "USB", "CCID", "PC", "SC", "PKCS", "ASN", "DER", "RSA", "EC", "OpenSC",
        "SoftHSM",
    ]

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }
    private static func isHexadecimal(_ byte: UInt8) -> Bool { isDigit(byte) || (0x61...0x66).contains(byte | 0x20) }
}
