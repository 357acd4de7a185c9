// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import EOnayCore
import Texts

/// An error as the service tells it: a name and a detail for programs, and a sentence for those who do not know the name.
struct ToldError: Equatable {
    /// Without the contract's prefix; "" where nothing went wrong.
    let name: String
    /// What happened and what to do, in the language of the service.
    let sentence: String
    /// What narrows it down; may be empty.
    let detail: String

    init(name: String, sentence: String = "", detail: String = "") {
        self.name = ErrorWord.short(name)
        self.sentence = sentence
        self.detail = detail
    }

    /// From an object's properties `Error` and `ErrorDetail`, which a service of before has not.
    init(_ properties: [String: Value]) {
        let members = properties["Error"]?.members?.compactMap(\.string) ?? []
        self.init(
            name: members.first ?? "", sentence: members.count == 2 ? members[1] : "",
            detail: properties["ErrorDetail"]?.string ?? "")
    }

    var isEmpty: Bool { name.isEmpty }

    /// What happened and what to do, in the language of this program; of an error that it does not know, the service's sentence.
    ///
    /// - Parameter ofCard: It is about one card, and not about all that were looked at.
    func explained(_ texts: Texts, ofCard: Bool = false) -> ErrorText {
        guard ErrorName(rawValue: name) == nil else {
            return ofCard ? texts.cardError(name) : texts.error(name, detail: detail)
        }
        let unknown = texts.text("The service answered with an error that this program does not know.")
        return ErrorText(what: sentence.isEmpty ? unknown : sentence, remedy: "")
    }

    /// Why a command could not do its work.
    var failure: Failure {
        guard let error = ErrorName(rawValue: name) else {
            return Failure(.unknownError, detail: name, sentence: sentence)
        }
        return Failure(error, detail: detail)
    }
}
