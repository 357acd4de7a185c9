// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// Tells by a slot's description which PC/SC reader it stands for.
enum SlotDescription {
    /// Whether these 64 blank-padded bytes (PKCS#11 v2.40, CK_SLOT_INFO) name that reader, whole or cut off at the 64th.
    static func matches(_ description: some Collection<UInt8>, reader: String) -> Bool {
        let name = Array(reader.utf8.prefix(description.count))
        let text = description.prefix { $0 != 0 }
        return trimmed(text).elementsEqual(trimmed(name))
    }

    /// Without the blanks at its end. Bytes, not characters: the cut may have split one.
    private static func trimmed(_ bytes: some Collection<UInt8>) -> [UInt8] {
        var bytes = Array(bytes)
        while bytes.last == UInt8(ascii: " ") { bytes.removeLast() }
        return bytes
    }
}
