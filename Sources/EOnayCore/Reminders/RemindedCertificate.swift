// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// The planner's view of a certificate.
public struct RemindedCertificate: Sendable, Equatable {
    /// The certificate's id.
    public let id: String
    /// Equal for certificates of the same person; empty where the certificate names none.
    public let identityKey: [UInt8]
    public let isQualified: Bool
    public let kind: CertificateKind
    public let issuer: Issuer
    public let validity: Validity
    /// When its card was read for the first time: UTC seconds.
    public let firstSeen: Int64
    /// The thresholds whose reminder was shown or was superseded, and when: UTC seconds; 0 where that is not known.
    public let shown: [Int: Int64]
    /// The end of a snooze as `Snooze` granted it; 0 where there is none.
    public let snoozedUntil: Int64

    public init(
        id: String, identityKey: [UInt8], isQualified: Bool, kind: CertificateKind = .nes, issuer: Issuer = Issuer(""),
        validity: Validity, firstSeen: Int64 = 0, shown: [Int: Int64] = [:], snoozedUntil: Int64 = 0
    ) {
        self.id = id
        self.identityKey = identityKey
        self.isQualified = isQualified
        self.kind = kind
        self.issuer = issuer
        self.validity = validity
        self.firstSeen = firstSeen
        self.shown = shown
        self.snoozedUntil = snoozedUntil
    }

    /// A reminder counts although it was shown up to this many seconds in the future: a clock that was set in the wrong time zone is less
    /// than a day ahead, and is corrected soon.
    static let tolerance = Validity.day

    /// The thresholds that count as shown at `now`. A time in the future comes from a clock that was wrong, perhaps by years; if it counted,
    /// nobody would be reminded of an end that still lies ahead.
    public func shown(at now: Int64) -> Set<Int> {
        Set(shown.filter { $0.value <= now + Self.tolerance }.keys)
    }
}

extension RemindedCertificate {
    /// The successor of each certificate that has one, by its id: the same person's, of the same kind, that ends next after it.
    ///
    /// A certificate that cannot sign (one that lacks the words of a qualified one, say) does not stand in for one that can.
    public static func successors(among certificates: [RemindedCertificate]) -> [String: RemindedCertificate] {
        var successors: [String: RemindedCertificate] = [:]
        let persons = Dictionary(grouping: certificates.filter { !$0.identityKey.isEmpty }) {
            Person(key: $0.identityKey, kind: $0.kind)
        }
        for all in persons.values where all.count > 1 {
            let byEnd = all.sorted { ($0.validity.notAfter, $0.id) < ($1.validity.notAfter, $1.id) }
            for (place, certificate) in byEnd.enumerated() {
                successors[certificate.id] = byEnd[(place + 1)...].first {
                    $0.validity.notAfter > certificate.validity.notAfter
                        && ($0.isQualified || !certificate.isQualified)
                }
            }
        }
        return successors
    }

    private struct Person: Hashable {
        let key: [UInt8]
        let kind: CertificateKind
    }

    /// The second from which the successor is the one to use: its own first one, or, where that had passed when it became known, the first
    /// one after the end of this. Nil where all of that had passed when both were known.
    func handover(to successor: RemindedCertificate) -> Int64? {
        let known = max(firstSeen, successor.firstSeen)
        return [successor.validity.notBefore, validity.expiry].first { $0 > known }
    }
}
