// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import CDBus
internal import EventLoops

/// The outcome of asking for a name.
public enum NameRequest: Sendable, Equatable {
    case acquired
    /// Another connection owns the name; its process, if it is still there to ask.
    case heldBy(uniqueName: String, process: Int32?)
}

/// The process behind a connection, as the bus knows it.
public struct Credentials: Sendable, Equatable {
    public let process: Int32?
    public let user: UInt32?
}

extension Connection {
    /// Asks the bus for a well-known name, without waiting in line for it and without ever giving it away.
    public func requestName(_ name: String) async throws -> NameRequest {
        let doNotQueue: UInt32 = 4
        let answer = try await callBus("RequestName", [.string(name), .uint32(doNotQueue)])
        // 1: we own it now. 4: we did already. 2 (in line) is excluded, 3: somebody else has it.
        if answer.first == .uint32(1) || answer.first == .uint32(4) { return .acquired }
        // The owner may go between these questions; then less is known of it.
        let owner = try? await callBus("GetNameOwner", [.string(name)]).first?.string
        guard let owner else { return .heldBy(uniqueName: "", process: nil) }
        return .heldBy(uniqueName: owner, process: try? await credentials(of: owner).process)
    }

    /// Gives a name back.
    public func releaseName(_ name: String) async throws {
        _ = try await callBus("ReleaseName", [.string(name)])
    }

    /// The process and user behind a name. Throws `NameHasNoOwner` if it is gone.
    public func credentials(of name: String) async throws -> Credentials {
        Credentials(try await callBus("GetConnectionCredentials", [.string(name)]))
    }

    /// The same for a handler: the question goes out before the handler's answer, so that a caller who leaves at once is
    /// still known. `completion` is called on the loop; nil: nothing could be learnt. For the loop's thread.
    public nonisolated func credentials(
        of name: String, completion: @escaping @Sendable (Credentials?) -> Void
    ) {
        loop.checkIsolated()
        core.callBus("GetConnectionCredentials", [.string(name)]) { answer in
            completion((try? answer.get()).map { Credentials($0) })
        }
    }

    /// Calls `handler` on the loop with the owner of a name: once as soon as it is known, then at each change; nil: nobody.
    ///
    /// A watch over a unique name reports when that connection leaves, also if it left before the watch began. For the loop's thread.
    public nonisolated func watchName(_ name: String, handler: @escaping @Sendable (String?) -> Void) -> NameWatch {
        loop.checkIsolated()
        core.lastToken += 1
        let watch = NameWatch(core, name, core.lastToken)
        core.follow(name)
        core.owners[name]?.handlers.append((watch.token, handler))
        // Somebody else here followed it already: this handler must not wait for a change.
        if let known = core.owners[name], known.isKnown {
            loop.post { [core] in
                guard let now = core.owners[name], now.handlers.contains(where: { $0.token == watch.token }) else {
                    return
                }
                handler(now.current)
            }
        }
        return watch
    }
}

extension Credentials {
    fileprivate init(_ answer: [Value]) {
        self.init(
            process: answer.first?["ProcessID"]?.uint32.flatMap { Int32(exactly: $0) },
            user: answer.first?["UnixUserID"]?.uint32)
    }
}

/// A watch over a name's owner, until ``cancel()``; dropping this value does not end it.
public final class NameWatch: Sendable {
    private let core: BusCore
    private let name: String
    let token: UInt64

    init(_ core: BusCore, _ name: String, _ token: UInt64) {
        self.core = core
        self.name = name
        self.token = token
    }

    /// Ends the watch: the handler is not called again. May be called from any thread.
    public func cancel() {
        core.onLoop { [core, name, token] in
            guard let index = core.owners[name]?.handlers.firstIndex(where: { $0.token == token }) else { return }
            core.owners[name]?.handlers.remove(at: index)
            core.unfollow(name)
        }
    }
}

/// The owner of a name that somebody here follows.
struct NameOwner {
    /// The owner's unique name; nil while nobody owns the name, or it is not known yet.
    var current: String?
    var isKnown = false
    /// The number of followers.
    var followers = 0
    var handlers: [(token: UInt64, handler: @Sendable (String?) -> Void)] = []
}

/// Following names.
extension BusCore {
    func follow(_ name: String) {
        owners[name, default: NameOwner()].followers += 1
        guard owners[name]?.followers == 1 else { return }
        // First the rule, then the question: the signal of a change between the two comes after the answer.
        callBus("AddMatch", [.string(Self.ownerRule(name))])
        callBus("GetNameOwner", [.string(name)]) { [self] result in
            let owner = (try? result.get())?.first?.string  // an error says that there is none
            ownerKnown(name, owner)
        }
    }

    func unfollow(_ name: String) {
        owners[name]?.followers -= 1
        guard owners[name]?.followers == 0 else { return }
        owners[name] = nil
        callBus("RemoveMatch", [.string(Self.ownerRule(name))])
    }

    func ownerChanged(_ message: OpaquePointer) {
        guard isFromBus(message) else { return }
        var arguments = MessageReader(message)
        // The bus sends three texts.
        guard let name = try? arguments.string(), owners[name] != nil, (try? arguments.skip()) != nil,
            let owner = try? arguments.string()
        else { return }
        ownerKnown(name, owner.isEmpty ? nil : owner)
    }

    private func ownerKnown(_ name: String, _ owner: String?) {
        guard let known = owners[name], !known.isKnown || known.current != owner else { return }
        owners[name]?.current = owner
        owners[name]?.isKnown = true
        for entry in known.handlers { entry.handler(owner) }
    }

    private static func ownerRule(_ name: String) -> String {
        SignalMatch(
            sender: "org.freedesktop.DBus", interface: "org.freedesktop.DBus", member: "NameOwnerChanged",
            firstArgument: name
        ).rule
    }
}
