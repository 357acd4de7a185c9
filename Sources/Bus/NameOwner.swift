// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import CDBus

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
