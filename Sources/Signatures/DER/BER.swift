// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// Turns BER with indefinite lengths and strings in pieces into definite lengths and whole strings (X.690, 8.1.3.6, 8.7.3).
///
/// Streaming CMS writers produce such encodings. A definite part is kept octet for octet, so that an embedded
/// certificate still has the bytes that were signed.
enum BER {
    /// More than any honest CMS needs; bounds the recursion on this thread's stack.
    private static let maximumDepth = 64

    /// These bytes, which must be one whole element, in definite form.
    ///
    /// - Parameter skips: octets that may follow the element, in any number, and are left out: what cards, mail and editors
    ///   add to a file's end.
    static func definite(_ bytes: ArraySlice<UInt8>, skips: Set<UInt8> = []) throws(DERError) -> [UInt8] {
        var reader = Walker(bytes: bytes)
        let octets = try reader.element(depth: 0)
        guard bytes[reader.position...].allSatisfy(skips.contains) else { throw DERError(.trailingBytes) }
        return octets ?? Array(bytes[..<reader.position])
    }

    /// Whether anything in the outermost levels is indefinite can only be known by walking; this says if a walk changed it.
    private struct Walker {
        let bytes: ArraySlice<UInt8>
        var position: Int

        init(bytes: ArraySlice<UInt8>) {
            self.bytes = bytes
            position = bytes.startIndex
        }

        /// Steps over one element: its new octets, or nil where they stay as they are.
        mutating func element(depth: Int) throws(DERError) -> [UInt8]? {
            guard depth < BER.maximumDepth else { throw DERError(.tooDeep) }
            guard bytes.endIndex - position >= 2 else { throw DERError(.truncated) }
            let tag = bytes[position]
            if tag & 0x20 != 0, tag & 0x1F != 0x1F, bytes[position + 1] == 0x80 {
                position += 2
                return try indefinite(tag, depth: depth)
            }
            var reader = DERReader(bytes[position...])
            let element = try reader.next()
            guard element.isConstructed, tag & 0x1F != 0x1F else {
                position = element.encoding.endIndex
                return nil
            }
            var inner = Walker(bytes: element.content)
            let content = try inner.content(until: element.content.endIndex, depth: depth, isString: tag == 0x24)
            position = element.encoding.endIndex
            guard let content else { return nil }
            return DERWriter.element(tag == 0x24 ? DERTag.octetString : tag, content)
        }

        /// The new content of a definite constructed element, or nil where it stays as it is.
        private mutating func content(until end: Int, depth: Int, isString: Bool) throws(DERError) -> [UInt8]? {
            var octets: [UInt8] = []
            var changed = isString
            while position < end {
                let start = position
                let replaced = try element(depth: depth + 1)
                changed = changed || replaced != nil
                try append(replaced, or: start, to: &octets, isString: isString)
            }
            return changed ? octets : nil
        }

        private mutating func indefinite(_ tag: UInt8, depth: Int) throws(DERError) -> [UInt8] {
            var octets: [UInt8] = []
            while true {
                guard bytes.endIndex - position >= 2 else { throw DERError(.truncated) }
                if bytes[position] == 0 && bytes[position + 1] == 0 {
                    position += 2
                    return DERWriter.element(tag == 0x24 ? DERTag.octetString : tag, octets)
                }
                let start = position
                let replaced = try element(depth: depth + 1)
                try append(replaced, or: start, to: &octets, isString: tag == 0x24)
            }
        }

        private func append(
            _ replaced: [UInt8]?, or start: Int, to octets: inout [UInt8], isString: Bool
        ) throws(DERError) {
            guard isString else {
                octets += replaced ?? Array(bytes[start..<position])
                return
            }
            let piece = replaced.map { $0[...] } ?? bytes[start..<position]
            octets += try DERReader.single(piece, tag: DERTag.octetString).content
        }
    }
}
