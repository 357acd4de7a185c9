// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import BusContract
import EOnayCore
import Store

/// The lists that the root answers: rows of a fixed form, and rows of named values, which may get more.
extension BusObjects {
    /// The most rows of an answer that can grow. A row of a certificate has about 1 KiB.
    static let mostRows = 1000

    func writeStatus(to reply: inout MessageWriter) {
        reply.array { rows in
            for entry in sources.certificates() {
                let decision = sources.decision(entry)
                rows.structure {
                    $0.string(entry.known.id)
                    $0.string(entry.known.holder)
                    $0.string(sources.approvalWord(entry, decision))
                    $0.int64(decision?.at ?? 0)
                    $0.string(decision?.portal ?? "")
                }
            }
        }
    }

    func writeExpiry(to reply: inout MessageWriter) {
        let now = sources.now()
        reply.array { rows in
            for entry in sources.certificates() {
                rows.structure {
                    $0.string(entry.known.id)
                    $0.string(entry.known.holder)
                    $0.int64(entry.known.notAfter)
                    $0.int32(Int32(clamping: entry.validity.daysLeft(at: now)))
                    $0.string(sources.phase(entry.known).rawValue)
                }
            }
        }
    }

    /// limit 0: all that memory keeps, which is `Store.maximumHistory` at most.
    func writeHistory(_ limit: UInt32, to reply: inout MessageWriter) {
        reply.array { rows in
            for entry in sources.history().prefix(limit == 0 ? .max : Int(limit)) {
                rows.structure {
                    $0.int64(entry.at)
                    for text in [entry.certificate, entry.decision, entry.result, entry.portal, entry.reference] {
                        $0.string(text)
                    }
                }
            }
        }
    }

    func listCertificates(to reply: inout MessageWriter) {
        let now = sources.now()
        reply.array { rows in
            for entry in sources.certificates().prefix(Self.mostRows) {
                let decision = sources.decision(entry)
                rows.array { row in
                    for property in CertificateInterface.Property.allCases {
                        row.entry(property.rawValue, property.type) {
                            Self.write(property, of: entry.known, sources, to: &$0)
                        }
                    }
                    for key in CertificateKey.allCases {
                        row.entry(key.rawValue, key.type) { value in
                            switch key {
                            case .path: value.objectPath(Self.path(ofCertificate: entry.known.id))
                            case .daysLeft: value.int32(Int32(clamping: entry.validity.daysLeft(at: now)))
                            case .decidedAt: value.int64(decision?.at ?? 0)
                            case .portal: value.string(decision?.portal ?? "")
                            case .firstSeen: value.int64(entry.known.firstSeen)
                            case .lastSeen: value.int64(entry.known.lastSeen)
                            case .remindersShown:
                                value.array { days in
                                    for day in entry.known.remindersShown.keys.sorted() {
                                        days.int32(Int32(clamping: day))
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    func listHistory(_ options: HistoryOptions, to reply: inout MessageWriter) {
        reply.array { rows in
            for entry in sources.history().lazy.filter({ $0.at >= options.since }).prefix(options.limit) {
                rows.array { row in
                    for key in DecisionKey.allCases {
                        row.entry(key.rawValue, key.type) { value in
                            switch key {
                            case .decidedAt: value.int64(entry.at)
                            case .certificate: value.string(entry.certificate)
                            case .holder: value.string(sources.certificate(entry.certificate)?.known.holder ?? "")
                            case .decision: value.string(entry.decision)
                            case .result: value.string(entry.result)
                            case .portal: value.string(entry.portal)
                            case .reference: value.string(entry.reference)
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The options of `ListHistory`, as the contract names them.
struct HistoryOptions {
    var limit = BusObjects.mostRows
    var since = Int64.min

    /// Reads `a{sv}`. Throws `invalidArgument` for an unknown option or a wrong type.
    init(_ reader: inout MessageReader) throws {
        try reader.options { (option: HistoryOption, value) in
            switch option {
            case .limit:
                let limit = try value.uint32()
                self.limit = limit == 0 ? self.limit : min(Int(limit), BusObjects.mostRows)
            case .since: since = try value.int64()
            }
        }
    }
}

extension MessageWriter {
    /// An entry of `a{sv}`.
    mutating func entry(_ name: String, _ type: Signature, _ body: (inout MessageWriter) -> Void) {
        dictionaryEntry {
            $0.string(name)
            $0.variant(type, body)
        }
    }
}

extension MessageReader {
    /// Reads `a{sv}`. Throws `invalidArgument` for an option that is none of these or has a value of another type than `take` reads.
    mutating func options<Option: RawRepresentable<String>>(
        _ take: (Option, inout MessageReader) throws -> Void
    ) throws {
        try array { entries in
            try entries.dictionaryEntry { entry in
                let name = try entry.string()
                guard let option = Option(rawValue: name) else {
                    throw ServiceError(.invalidArgument, detail: "option \(name.prefix(40).debugDescription)")
                }
                do { try entry.variant { try take(option, &$0) } } catch let error as BusError {
                    // The one thing that is not the caller's fault: there was no descriptor left to take his.
                    if error.name == BusError.limitsExceeded {
                        throw ServiceError(.limitExceeded, detail: "descriptors")
                    }
                    throw ServiceError(.invalidArgument, detail: "type of option \(name)")
                }
            }
        }
    }
}
