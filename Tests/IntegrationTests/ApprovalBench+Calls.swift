// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import Dispatch
import Glibc
import Synchronization
import TestBench
import Testing
import VirtualCard

/// The service's process, which a test may end and start again.
final class Running: Sendable {
    private let current: Mutex<ChildProcess>

    init(_ service: ChildProcess) { current = Mutex(service) }

    var service: ChildProcess {
        get { current.withLock { $0 } }
        set { current.withLock { $0 = newValue } }
    }
}

/// The end of an approval.
struct End: Equatable {
    var result: String
    /// Without the contract's prefix.
    var error: String

    init(_ result: String, _ error: String = "") {
        self.result = result
        self.error = error
    }
}

/// Approvals, as a program on the bus gives them.
extension ApprovalBench {
    /// Calls `Approve` with the card's PIN in a pipe, or with these lines there.
    func approve(
        _ decision: String = "accept", certificate: String = "", typing lines: [String]? = nil,
        options: [String: Value] = [:]
    ) async throws -> ObjectPath {
        try await ask("Approve", certificate, decision, options.merging(try pin(lines)) { $1 })
    }

    /// Calls `SignCode` in the same way.
    func sign(
        _ code: String, certificate: String = "", typing lines: [String]? = nil, options: [String: Value] = [:]
    ) async throws -> ObjectPath {
        try await ask("SignCode", certificate, code, options.merging(try pin(lines)) { $1 })
    }

    /// Calls one of the two with these options and no others, as the bench or as another program on the bus.
    func ask(
        _ method: String, _ certificate: String, _ what: String, _ options: [String: Value],
        from caller: SessionBus? = nil
    ) async throws -> ObjectPath {
        let answer = try await (caller ?? bus).call(
            method, .string(certificate), .string(what), .options(options))
        return try #require(answer.first?.objectPath)
    }

    /// The error of an immediate refusal: its name without the contract's prefix.
    func refusal(_ method: String, _ certificate: String, _ what: String, _ options: [String: Value] = [:]) async
        -> String
    {
        do { return "answered \(try await ask(method, certificate, what, options))" } catch let error as BusError {
            return error.name.split(separator: ".").last.map(String.init) ?? ""
        } catch {
            return "\(error)"
        }
    }

    /// Waits for the end of an approval.
    func end(of approval: ObjectPath) async throws -> End {
        let signal = try await bus.signals.next(within: .seconds(60)) {
            $0.member == "Completed" && $0.path == approval
        }
        return End(signal.arguments[0].string ?? "", Self.word(signal.arguments[1].string))
    }

    /// The same by the object's properties, for one of several approvals: ends come in any order.
    func outcome(of approval: ObjectPath) async throws -> End {
        try await bus.wait(for: "Result", of: "Approval", at: approval) { $0.string?.isEmpty == false }
        return try await shownEnd(of: approval)
    }

    /// The approval's state, waited for.
    func wait(for state: String, of approval: ObjectPath) async throws {
        try await bus.wait(for: "State", of: "Approval", at: approval) { $0.string == state }
    }

    func facts(_ approval: ObjectPath) async throws -> [String: Value] {
        try await bus.properties("Approval", of: approval)
    }

    /// Result and error as the object shows them.
    func shownEnd(of approval: ObjectPath) async throws -> End {
        let facts = try await facts(approval)
        return End(facts["Result"]?.string ?? "", Self.word(facts["Error"]?.members?.first?.string))
    }

    func cancel(_ approval: ObjectPath) async throws {
        _ = try await bus.connection.call(SessionBus.name, approval, "\(SessionBus.name).Approval", "Cancel")
    }

    /// The answer of `Signatures`: step and CMS.
    func signatures(of approval: ObjectPath) async throws -> [(step: String, cms: [UInt8])] {
        let answer = try await bus.connection.call(
            SessionBus.name, approval, "\(SessionBus.name).Approval", "Signatures")
        return (answer.first?.elements ?? []).map { ($0.members?[0].string ?? "", $0.members?[1].bytes ?? []) }
    }

    /// The ids of a card's certificates, in the card's order.
    func certificates(on token: ObjectPath) async throws -> [String] {
        let paths = try await bus.properties("Token", of: token)["Certificates"]?.elements ?? []
        return paths.compactMap { $0.objectPath?.text.split(separator: "/").last.map(String.init) }
    }

    /// The results that `History` tells, newest first.
    func history() async throws -> [String] {
        let rows = try await bus.call("History", .uint32(0)).first?.elements ?? []
        return rows.map { $0.members?[3].string ?? "" }
    }

    /// The number of decisions that the portal has recorded.
    func records() async throws -> Int {
        let rows = try await Database(desktop.folder.file("portal/portal.db")).rows("SELECT count(*) FROM record")
        return rows.first.flatMap { Int($0) } ?? -1
    }

    /// The number of times that the card was given a PIN.
    var verifications: Int {
        card.events.all.count {
            switch $0 {
            case .pinRight, .pinWrong, .pinLocked: true
            default: false
            }
        }
    }

    private static func word(_ name: String?) -> String { name?.split(separator: ".").last.map(String.init) ?? "" }

    private func pin(_ lines: [String]?) throws -> [String: Value] {
        let text = (lines ?? [card.pin]).map { "\($0)\n" }.joined()
        return ["pin": .descriptor(try Self.pipe(holding: text))]
    }

    /// The reading end of a pipe that holds a text, and nothing after it.
    static func pipe(holding text: String) throws -> FileDescriptorHandle {
        var ends: [Int32] = [0, 0]
        guard Glibc.pipe(&ends) == 0 else { throw BusError(name: BusError.failed, message: "pipe") }
        let bytes = Array(text.utf8)
        _ = Glibc.write(ends[1], bytes, bytes.count)
        close(ends[1])
        return FileDescriptorHandle(owning: ends[0])
    }
}
