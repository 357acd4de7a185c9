// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// Ids of certificates as short as they can be told apart: eight digits, or more where two begin alike.
///
/// What is shown can be given to a command as it stands: the service takes eight digits or more.
struct ShortIDs {
    private let length: Int

    init(_ ids: [String]) {
        let distinct = Set(ids)
        length = (8...64).first { length in Set(distinct.map { $0.prefix(length) }).count == distinct.count } ?? 64
    }

    func short(_ id: String) -> String { String(id.prefix(length)) }
}
