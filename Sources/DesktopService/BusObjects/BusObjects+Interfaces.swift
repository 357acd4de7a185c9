// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import BusContract
import Cards
import EOnayCore
import JobFrames
import Store
import Texts

/// The interfaces of the cards, the certificates and the approvals.
extension BusObjects {
    /// `/org/eonay/EOnay1/token/N`: a card in a reader.
    func interface(of token: CardToken) -> Interface {
        let (sources, number) = (LoopBound(sources, on: bus.loop), token.number)
        return Interface(TokenInterface.self) { property, value in
            let sources = sources.value
            let now = sources.token(number) ?? token
            switch property {
            case .reader: value.string(now.reader.shown)
            case .atr: value.bytes(now.atr)
            case .label: value.string(now.description?.label ?? "")
            case .manufacturer: value.string(now.description?.manufacturer ?? "")
            case .model: value.string(now.description?.model ?? "")
            case .pinState: value.string(now.pinState.rawValue)
            case .heldBy: value.string(now.heldBy)
            case .errorDetail: value.string(now.errorDetail)
            case .family: value.string(now.family?.rawValue ?? "")
            case .driver: value.string(now.neededDriver?.title ?? "")
            case .driverPage: value.string(now.neededDriver?.page ?? "")
            case .protectedAuthenticationPath: value.bool(now.description?.protectedAuthenticationPath ?? false)
            case .certificates: value.objectPaths(now.certificates.map(Self.path(ofCertificate:)))
            case .error:
                value.structure {
                    $0.string(now.error?.rawValue ?? "")
                    $0.string(now.error.map { sources.settings().texts.cardError($0, of: now.family).what } ?? "")
                }
            case .pinMinLength: value.uint32(now.description?.pin.shortest ?? 0)
            case .pinMaxLength: value.uint32(now.description?.pin.longest ?? 0)
            case .pinChangeRequired: value.bool(now.description?.pin.mustChange ?? false)
            case .pukState: value.string((now.description?.pin.pukState ?? .unknown).rawValue)
            case .moduleProblems:
                value.array { rows in
                    for problem in now.problems {
                        rows.structure {
                            $0.string(problem.file)
                            $0.string(problem.reason)
                        }
                    }
                }
            }
        }
    }

    /// `/org/eonay/EOnay1/certificate/HEX`: a certificate, whether its card is in or not.
    func interface(of certificate: KnownCertificate) -> Interface {
        let sources = LoopBound(sources, on: bus.loop)
        return Interface(CertificateInterface.self) { Self.write($0, of: certificate, sources.value, to: &$1) }
    }

    static func write(
        _ property: CertificateInterface.Property, of certificate: KnownCertificate, _ sources: BusSources,
        to value: inout MessageWriter
    ) {
        let id = certificate.id
        let entry = sources.certificate(id)
        switch property {
        case .id: value.string(id)
        case .holder: value.string(certificate.holder)
        case .maskedIdentity: value.string(certificate.maskedIdentity)
        case .issuer: value.string(certificate.issuer)
        case .serialNumber: value.string(certificate.serialNumber)
        case .notBefore: value.int64(certificate.notBefore)
        case .notAfter: value.int64(certificate.notAfter)
        case .keyType: value.string(certificate.keyType)
        case .qualified: value.bool(certificate.qualified)
        case .kind: value.string(entry?.known.kind ?? certificate.kind)
        case .phase: value.string(sources.phase(certificate).rawValue)
        case .hindrances: value.strings(entry?.hindrances(at: sources.now()).map(\.rawValue) ?? [])
        case .present: value.bool(sources.holder(id) != nil)
        case .token: value.objectPath(sources.holder(id).map(path(ofToken:)) ?? "/")
        case .approval: value.string(entry.map { sources.approvalWord($0, sources.decision($0)) } ?? "none")
        case .snoozedUntil: value.int64(entry?.known.snoozedUntil ?? 0)
        case .successor: value.string(sources.successor(id) ?? "")
        case .revocation: value.string(sources.revocation(id).state.rawValue)
        case .revocationSince: value.int64(sources.revocation(id).since)
        case .revocationReason: value.string(sources.revocation(id).reason?.rawValue ?? "")
        case .revocationAsked: value.int64(sources.revocation(id).askedAt)
        }
    }

    /// `/org/eonay/EOnay1/approval/ID`: an approval, until some minutes after its end.
    func interface(of approval: ApprovalView) -> Interface {
        let (me, number) = (LoopBound(self, on: bus.loop), approval.number)
        return Interface(
            ApprovalInterface.self,
            methods: { method, _, reply in
                switch method {
                case .cancel: me.value.calls?.cancel(number)
                case .signatures:
                    let signatures = me.value.sources.approval(number)?.signatures ?? []
                    reply.array { rows in
                        for signature in signatures {
                            rows.structure {
                                $0.string(signature.step)
                                $0.bytes(signature.cms)
                            }
                        }
                    }
                }
            },
            properties: { property, value in
                let now = me.value.sources.approval(number) ?? approval
                let (status, end) = (now.status, now.end)
                switch property {
                case .certificate: value.string(now.request.certificate)
                case .portal: value.string(now.request.portal.text)
                case .startedAt: value.int64(now.startedAt)
                case .decision: value.string(status.decision?.rawValue ?? "")
                case .state: value.string(status.state.rawValue)
                case .step:
                    value.structure {
                        $0.uint32(status.step)
                        $0.uint32(status.steps)
                    }
                case .deadline: value.int64(status.deadline)
                case .result: value.string(end?.outcome.result.rawValue ?? "")
                case .error:
                    value.structure {
                        $0.string(end?.error ?? "")
                        $0.string(end?.message ?? "")
                    }
                case .errorDetail: value.string(end?.errorDetail ?? "")
                case .reference: value.string(end?.outcome.reference ?? "")
                case .confirmationNumber: value.string(end?.outcome.number ?? "")
                }
            })
    }
}
