// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Cards
import EOnayCore
import JobFrames
import PINEntry

extension ReaderSurvey {
    init(_ overview: CardOverview) {
        let service: Service =
            switch overview.snapshot.service {
            case .watching, .noReader, .starting: .running
            case .noService: overview.isServiceInstalled ? .stopped : .missing
            case .denied: .denied
            }
        self.init(
            service: service, readers: overview.snapshot.readers.map(SurveyedReader.init), clients: overview.clients)
    }
}

extension SurveyedReader {
    fileprivate init(_ reader: ReaderState) {
        switch reader.card {
        case .none: self.init(name: reader.name.octets, card: .none, atr: [])
        case .present(let atr, _): self.init(name: reader.name.octets, card: .present, atr: atr)
        case .mute: self.init(name: reader.name.octets, card: .mute, atr: [])
        case .exclusive(let atr, _): self.init(name: reader.name.octets, card: .held, atr: atr)
        }
    }
}

extension Signer {
    /// Tries whether a way to the PIN works, and gives a pinentry's own name.
    static func flavour(
        of prompt: PINPrompt, locale: String, display: SessionDisplay, _ handed: HandedDescriptors
    ) throws(JobFailure) -> String {
        do throws(PromptError) {
            let source = try find(prompt, locale, display, handed)
            return (source as? Pinentry)?.flavour ?? ""
        } catch {
            throw JobFailure(error)
        }
    }
}
