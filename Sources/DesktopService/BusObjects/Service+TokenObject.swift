// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import BusContract
import Cards
import EOnayCore
import JobFrames
import Texts

/// `/org/eonay/EOnay1/token/N`: a card in a reader.
extension Service {
    /// What is learned by reading the card.
    static let tokenProperties: [TokenInterface.Property] = [
        .label, .manufacturer, .model, .pinState, .protectedAuthenticationPath, .certificates, .heldBy, .error,
        .errorDetail, .moduleProblems,
    ]

    static func tokenPath(_ number: UInt64) -> ObjectPath { Contract.tokenPath(number) }

    func export(_ token: CardToken) {
        let (number, reader, atr) = (token.number, token.reader, token.atr)
        let interface = Interface(TokenInterface.self) { [self] property, value in
            enter(&value) { service, value in
                let token = service.cards.token(number)
                switch property {
                case .reader: value.string(reader.shown)
                case .atr: value.bytes(atr)
                case .label: value.string(token?.description?.label ?? "")
                case .manufacturer: value.string(token?.description?.manufacturer ?? "")
                case .model: value.string(token?.description?.model ?? "")
                case .pinState: value.string(token?.pinState.rawValue ?? "")
                case .heldBy: value.string(token?.heldBy ?? "")
                case .errorDetail: value.string(token?.errorDetail ?? "")
                case .protectedAuthenticationPath:
                    value.bool(token?.description?.protectedAuthenticationPath ?? false)
                case .certificates: value.objectPaths((token?.certificates ?? []).map(Self.certificatePath))
                case .error:
                    value.structure {
                        $0.string(token?.error?.rawValue ?? "")
                        $0.string(token?.error.map { service.parts.texts.cardError($0).what } ?? "")
                    }
                case .moduleProblems:
                    value.array { rows in
                        for problem in token?.problems ?? [] {
                            rows.structure {
                                $0.string(problem.file)
                                $0.string(problem.reason)
                            }
                        }
                    }
                }
            }
        }
        do { try parts.bus.export(at: Self.tokenPath(token.number), [interface]) } catch {
            parts.log.error("could not show a card: \(error), continuing")
        }
    }

    func tokenChanged(_ token: CardToken, _ properties: [TokenInterface.Property]) {
        parts.bus.propertiesChanged(properties, of: TokenInterface.self, at: Self.tokenPath(token.number))
    }
}
