// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

public import Bus

/// The options of `Approve`, `SignCode` and `Renew`; the raw value is the key in `a{sv}`.
public enum ApprovalOption: String, CaseIterable, Sendable {
    /// `[A-Za-z0-9_]{1,64}`: the same token with the same arguments gives the same approval.
    case handleToken = "handle-token"
    /// The approval ends when the caller leaves the bus before the request reached the portal.
    case bound
    /// The origin of one of the configured portals.
    case portal
    /// The T.C. Kimlik No that the card must bear.
    case identity
    /// Seconds to wait for the card to be put in.
    case wait
    /// False never prompts.
    case interactive
    /// Go on although one PIN try is left.
    case finalTry = "final-try"
    /// Ask the person whether to go on, before the PIN is asked for.
    case confirm
    /// Read the PIN from this descriptor instead of prompting.
    case pin
    /// The caller's terminal: the text is shown and the PIN read there.
    case terminal
    /// For the prompt.
    case locale
    /// `DISPLAY` of the caller's session, for a window that asks for the PIN.
    case display
    /// `WAYLAND_DISPLAY`.
    case waylandDisplay = "wayland-display"
    /// `XAUTHORITY`.
    case xauthority

    /// Those that `ChangePin` and `UnblockPin` take: they are about the prompt.
    public static let ofPIN: Set<Self> = [
        .bound, .interactive, .finalTry, .pin, .terminal, .locale, .display, .waylandDisplay, .xauthority,
    ]

    /// The type that the value must have.
    public var type: Signature {
        switch self {
        case .handleToken, .portal, .identity, .locale, .display, .waylandDisplay, .xauthority: "s"
        case .bound, .interactive, .finalTry, .confirm: "b"
        case .wait: "u"
        case .pin, .terminal: "h"
        }
    }
}

extension Value {
    /// The options as `a{sv}`.
    public static func approvalOptions(_ options: [ApprovalOption: Value]) -> Value {
        .options(Dictionary(uniqueKeysWithValues: options.map { ($0.key.rawValue, $0.value) }))
    }
}
