// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import VirtualCard

/// The kind of a holder's key. `Signatures` has a type of the same name, and the module VirtualCard a class of its own.
typealias CardKey = CardKeyType
