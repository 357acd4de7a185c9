// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// The word that was probably meant.
enum Suggestion {
    /// The nearest of the words, or the only one that begins like it; nil where none is near enough.
    static func nearest(to word: String, among known: [String]) -> String? {
        let meant = Array(word.utf8.map(lowercased))
        let letters = meant.drop { $0 == UInt8(ascii: "-") }.count
        let begun = known.filter { $0.utf8.starts(with: meant) }
        if letters >= 2, begun.count == 1 { return begun[0] }
        let limit = letters < 4 ? 1 : letters < 8 ? 2 : 3
        let distances = known.map { (word: $0, distance: distance(meant, Array($0.utf8))) }
        // The first of equals, so the order of the help decides.
        return distances.filter { $0.distance <= limit }.min { $0.distance < $1.distance }?.word
    }

    private static func lowercased(_ octet: UInt8) -> UInt8 { (0x41...0x5A).contains(octet) ? octet + 32 : octet }

    /// How many letters are to be put in, left out, changed or swapped with their neighbour (optimal string alignment).
    private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        // A word of any length can be typed, and none of ours is so long.
        guard left.count <= 64 else { return .max }
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for (row, letter) in left.enumerated() {
            var next = [row + 1]
            for (column, other) in right.enumerated() {
                var least = min(last[column + 1] + 1, next[column] + 1, last[column] + (letter == other ? 0 : 1))
                if row > 0, column > 0, letter == right[column - 1], left[row - 1] == other {
                    least = min(least, beforeLast[column - 1] + 1)
                }
                next.append(least)
            }
            (beforeLast, last) = (last, next)
        }
        return last[right.count]
    }
}
