// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import SystemBasics

/// Textual encoding of certificates (RFC 7468).
public enum PEM {
    /// The bytes in Base64, 64 characters a line, between the two markers.
    public static func encode(_ bytes: [UInt8], label: String) -> String {
        let text = Array(Base64.encode(bytes).utf8)
        let lines = stride(from: 0, to: text.count, by: 64).map {
            String(decoding: text[$0..<min($0 + 64, text.count)], as: UTF8.self)
        }
        return (["-----BEGIN \(label)-----"] + lines + ["-----END \(label)-----", ""]).joined(separator: "\n")
    }

    /// The first block with this label; nil where there is none or it is not Base64.
    public static func decode(_ text: [UInt8], label: String) -> [UInt8]? {
        let lines = text.split(separator: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self) }
            .map { $0.hasSuffix("\r") ? String($0.dropLast()) : $0 }
        guard let start = lines.firstIndex(of: "-----BEGIN \(label)-----"),
            let end = lines[start...].firstIndex(of: "-----END \(label)-----")
        else { return nil }
        return Base64.decode(Array(lines[(start + 1)..<end].joined().utf8), allowingUnusedBits: true)
    }
}
