// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import BusContract
import EOnayCore
import Texts

extension Console {
    /// Says why there is no certificate to show: what is wrong with readers and cards, else that none was ever in.
    func explainNothing(_ service: ServiceClient) async throws {
        let watcher = try await service.watcher()
        let error: ToldError
        if let trouble = watcher.trouble {
            error = ToldError(name: trouble.rawValue)
        } else {
            let troubled = try await service.objects().tokens.first { !$0.error.isEmpty }
            error = troubled?.trouble ?? ToldError(name: "NoCertificate")
        }
        let text = error.explained(texts)
        print(sentence: texts.text("No certificate is known yet."))
        print(sentence: Cell.showable(error.name == "NoCertificate" ? text.remedy : "\(text.what) \(text.remedy)"))
    }
}
