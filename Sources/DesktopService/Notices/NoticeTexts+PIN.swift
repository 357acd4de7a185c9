// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Texts

extension NoticeTexts {
    /// The outcome for a card's PIN, where another program than the person's own had it set.
    func pin(_ operation: PINOperationView, _ end: PINOperationEnd, holder: String) -> Notice {
        let explanation = end.failure.map { texts.error($0.error, detail: $0.detail) }
        let summary =
            switch (explanation, operation.task) {
            case (nil, .change): texts.text("The card has its new PIN")
            case (nil, .unblock): texts.text("The card is unblocked and has its new PIN")
            case (_?, .change): texts.text("The PIN was not changed")
            case (_?, .unblock): texts.text("The PIN was not unblocked")
            }
        let lines = explanation.map { [$0.what, $0.remedy] } ?? [holder, texts.text("Use it from now on.")]
        return Notice(
            key: "pin-\(operation.number)", summary: summary,
            body: lines.filter { !$0.isEmpty }.joined(separator: "\n"))
    }
}
