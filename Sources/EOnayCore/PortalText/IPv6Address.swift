// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// An IPv6 address without zone or embedded IPv4 address, printed as RFC 5952 says.
struct IPv6Address: Equatable {
    private let groups: [UInt16]

    init?(_ text: Substring) {
        let halves = Self.halves(text)
        guard halves.count <= 2 else { return nil }
        var sides: [[UInt16]] = []
        for half in halves {
            var side: [UInt16] = []
            for group in half.isEmpty ? [] : half.split(separator: ":", omittingEmptySubsequences: false) {
                guard (1...4).contains(group.utf8.count), group.first != "+", group.first != "-",
                    let value = UInt16(group, radix: 16)
                else { return nil }
                side.append(value)
            }
            sides.append(side)
        }
        let given = sides.reduce(0) { $0 + $1.count }
        if sides.count == 1 {
            guard given == 8 else { return nil }
            groups = sides[0]
        } else {
            guard given < 8 else { return nil }
            groups = sides[0] + Array(repeating: 0, count: 8 - given) + sides[1]
        }
    }

    /// The parts left and right of "::"; one part where there is none, three or more where there are several.
    private static func halves(_ text: Substring) -> [Substring] {
        var parts: [Substring] = []
        var rest = text
        while let colon = rest.indices.first(where: { rest[$0...].hasPrefix("::") }) {
            parts.append(rest[..<colon])
            rest = rest[rest.index(colon, offsetBy: 2)...]
        }
        return parts + [rest]
    }

    var isLoopback: Bool { groups == [0, 0, 0, 0, 0, 0, 0, 1] }

    /// Lower case, no leading zeros, the first longest run of two or more zero groups as "::".
    var text: String {
        var best = 0..<0
        var start = 0
        for index in 0...groups.count where index == groups.count || groups[index] != 0 {
            if index - start > max(best.count, 1) { best = start..<index }
            start = index + 1
        }
        func hex(_ part: ArraySlice<UInt16>) -> String {
            part.map { String($0, radix: 16) }.joined(separator: ":")
        }
        if best.isEmpty { return hex(groups[...]) }
        return hex(groups[..<best.lowerBound]) + "::" + hex(groups[best.upperBound...])
    }
}
