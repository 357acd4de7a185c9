// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import JobFrames
import PINEntry
import Signatures
import Tokens

/// Reads what is on the card in one reader, without a login.
struct CardListing {
    /// A card holds a handful; the answer must fit a frame.
    private static let mostCertificates = 64

    private let request: ListRequest
    /// To be let go once the answer is on its way: unloading takes a tenth of the time.
    let module: Module

    /// Loads the module. Throws `JobError`.
    init(_ request: ListRequest) throws(JobError) {
        self.request = request
        do { module = try Module(path: request.module) } catch { throw JobError(error) }
    }

    /// Not recognised is an answer, not an error: the next module may know the card. Throws `JobError`.
    func description() throws(JobError) -> TokenDescription {
        do throws(TokenError) {
            let tokens = try module.tokens(inReader: request.reader)
            guard let first = tokens.first else {
                // No ATR, no card: nothing can be in its way.
                if !request.atr.isEmpty, let obstacle = try module.obstacle(inReader: request.reader) {
                    throw obstacle
                }
                return Self.unrecognised
            }
            return try describe(tokens, first.info)
        } catch {
            if error.kind == .tokenNotRecognised { return Self.unrecognised }
            throw JobError(obstacle: error)
        }
    }

    private func describe(_ tokens: [Token], _ info: TokenInfo) throws(TokenError) -> TokenDescription {
        var described: [CertificateDescription] = []
        var broken = 0
        for token in tokens {
            let session = try token.open()
            let list = try session.certificates()
            broken += list.broken
            for object in list.certificates.prefix(Self.mostCertificates) {
                do throws(CertificateError) {
                    let facts = try CertificateFacts.read(der: object.der)
                    guard !described.contains(where: { $0.id == facts.id }) else { continue }
                    // Where the card hides its keys, a certificate that is no authority's is taken to have one.
                    let hasKey = (try? session.showsKey(of: object)) ?? !facts.isAuthority
                    described.append(
                        CertificateDescription(facts, salt: request.identitySalt, hasPrivateKey: hasKey))
                } catch {
                    broken += 1
                }
            }
        }
        return TokenDescription(
            recognised: true, label: info.label, manufacturer: info.manufacturer, model: info.model,
            pinState: TokenDescription.PINState(info.pinState),
            protectedAuthenticationPath: info.hasProtectedAuthenticationPath,
            certificates: Array(described.prefix(Self.mostCertificates)), broken: UInt32(clamping: broken))
    }

    private static let unrecognised = TokenDescription(
        recognised: false, label: "", manufacturer: "", model: "", pinState: .unknown,
        protectedAuthenticationPath: false, certificates: [], broken: 0)
}

extension TokenDescription.PINState {
    init(_ state: Tokens.PINState) {
        self =
            switch state {
            case .unknown: .unknown
            case .ok: .ok
            case .countLow: .countLow
            case .finalTry: .finalTry
            case .locked: .locked
            }
    }
}
