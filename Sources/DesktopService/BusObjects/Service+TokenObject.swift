// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import BusContract
import Cards
import EOnayCore
import JobFrames

/// `/org/eonay/EOnay1/token/N`: a card in a reader.
extension Service {
    /// What is learned by reading the card.
    static let tokenProperties = [
        "Label", "Manufacturer", "Model", "PinState", "ProtectedAuthenticationPath", "Certificates", "HeldBy", "Error",
        "ErrorDetail", "ModuleProblems",
    ]

    static func tokenPath(_ number: UInt64) -> ObjectPath { Contract.tokenPath(number) }

    func export(_ token: CardToken) {
        let (reader, atr) = (token.reader, token.atr)
        func text(_ read: @escaping @Sendable (CardToken) -> String) -> PropertyGetter {
            { [self] value in enter(&value) { $1.string($0.tokens[reader].map(read) ?? "") } }
        }
        let interface = Interface(TokenInterface.description)
            .property("Reader") { $0.string(reader.shown) }
            .property("Atr") { $0.bytes(atr) }
            .property("Label", text { $0.description?.label ?? "" })
            .property("Manufacturer", text { $0.description?.manufacturer ?? "" })
            .property("Model", text { $0.description?.model ?? "" })
            .property("PinState", text { $0.pinState.rawValue })
            .property("HeldBy", text { $0.heldBy })
            .property("ErrorDetail", text { $0.errorDetail })
            .property("ProtectedAuthenticationPath") { [self] value in
                enter(&value) { service, value in
                    value.bool(service.tokens[reader]?.description?.protectedAuthenticationPath ?? false)
                }
            }
            .property("Certificates") { [self] value in
                enter(&value) { service, value in
                    value.objectPaths((service.tokens[reader]?.certificates ?? []).map(Self.certificatePath))
                }
            }
            .property("Error") { [self] value in
                enter(&value) { service, value in
                    let error = service.tokens[reader]?.error ?? (name: "", message: "")
                    value.structure {
                        $0.string(error.name)
                        $0.string(error.message)
                    }
                }
            }
            .property("ModuleProblems") { [self] value in
                enter(&value) { service, value in
                    value.array { rows in
                        for problem in service.tokens[reader]?.problems ?? [] {
                            rows.structure {
                                $0.string(problem.file)
                                $0.string(problem.reason)
                            }
                        }
                    }
                }
            }
        do { try parts.bus.export(at: token.path, [interface]) } catch {
            parts.log.error("could not show a card: \(error), continuing")
        }
    }

    func tokenChanged(_ token: CardToken, _ names: [String]) {
        parts.bus.propertiesChanged(names, of: TokenInterface.name, at: token.path)
    }
}
