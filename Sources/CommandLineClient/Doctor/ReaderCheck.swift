// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import JobFrames
import Texts

/// Which readers are connected.
struct ReaderCheck: Check {
    let topic = Topic.reader

    func look(_ examination: Examination) async -> [Finding] {
        guard let survey = examination.facts.survey else { return [.notLookedAt(topic, because: .pcscd)] }
        guard !survey.readers.isEmpty else {
            return [
                Finding(
                    .noReader, .fault, .what(.noReader),
                    remedy: .text(Texts.marked("Connect the reader; if it is connected, its driver may be missing.")),
                    command: .installReaderDriver)
            ]
        }
        return survey.readers.map { reader in
            Finding(.readerFound, .fine, .text(Texts.marked("Connected: %1"), [.personal(reader.shownName)]))
        }
    }
}

extension SurveyedReader {
    /// For people: what is no UTF-8 is replaced by U+FFFD.
    var shownName: String { String(decoding: name, as: UTF8.self) }
}
