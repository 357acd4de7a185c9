// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// The place into which a virtual card is put.
public enum ReaderAddress: Sendable, Equatable {
    /// The AF_UNIX socket of our own virtual reader. A card that is put in before the reader is there waits for it, and
    /// one whose reader goes away is in again as soon as the reader is back, as if it had stayed in the slot.
    case virtualReader(path: String)
    /// A port of vsmartcard's vpcd on this computer. The reader must be there; a card whose reader goes is out.
    case vpcd(port: UInt16)
}
