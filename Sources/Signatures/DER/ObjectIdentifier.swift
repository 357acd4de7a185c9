// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// An OBJECT IDENTIFIER, compared by its encoding.
struct ObjectIdentifier: Hashable, Sendable {
    /// The content octets (X.690, 8.19).
    let content: [UInt8]

    /// Reads content octets; throws where an arc is cut off or begins with a padding octet.
    init(content: ArraySlice<UInt8>) throws(DERError) {
        guard let last = content.last, last & 0x80 == 0, content.count <= 64 else { throw DERError(.badValue) }
        var startsArc = true
        for octet in content {
            if startsArc && octet == 0x80 { throw DERError(.badValue) }
            startsArc = octet & 0x80 == 0
        }
        self.content = Array(content)
    }

    /// From arcs written in the source, such as `[1, 2, 840, 113549, 1, 7, 2]`.
    init(_ arcs: UInt64...) {
        precondition(arcs.count >= 2, "an object identifier has two arcs at least")
        var octets: [UInt8] = []
        for arc in [arcs[0] * 40 + arcs[1]] + arcs.dropFirst(2) {
            var groups: [UInt8] = [UInt8(arc & 0x7F)]
            var rest = arc >> 7
            while rest > 0 {
                groups.append(UInt8(rest & 0x7F) | 0x80)
                rest >>= 7
            }
            octets += groups.reversed()
        }
        content = octets
    }

    /// Whether this identifier lies below another one, or is it.
    func isUnder(_ root: ObjectIdentifier) -> Bool {
        content.starts(with: root.content)
    }
}

extension ObjectIdentifier: CustomStringConvertible {
    /// Dotted decimal; an arc beyond 64 bits (as under 2.25) is written in hexadecimal after "0x".
    var description: String {
        var texts: [String] = []
        var arc: UInt64 = 0
        var octets: [UInt8] = []
        for octet in content {
            octets.append(octet)
            arc = arc << 7 | UInt64(octet & 0x7F)
            guard octet & 0x80 == 0 else { continue }
            if octets.count > 9 {
                texts.append("0x" + Hexadecimal.text(octets))
            } else if texts.isEmpty {
                let root = min(arc / 40, 2)
                texts += ["\(root)", "\(arc - root * 40)"]
            } else {
                texts.append("\(arc)")
            }
            arc = 0
            octets = []
        }
        return texts.joined(separator: ".")
    }
}
