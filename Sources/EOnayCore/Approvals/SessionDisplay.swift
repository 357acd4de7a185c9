// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// Where a window can be opened, as the three variables of a graphical session say. Each is nil or of a form that it may have.
public struct SessionDisplay: Codable, Sendable, Equatable {
    /// `DISPLAY`: `:0`, `:0.1`, `localhost:10.0`.
    public private(set) var display: String?
    /// `WAYLAND_DISPLAY`: a socket's name in `XDG_RUNTIME_DIR`, or its path.
    public private(set) var waylandDisplay: String?
    /// `XAUTHORITY`: the absolute path of a file.
    public private(set) var authority: String?

    /// Nowhere.
    public init() {}

    /// The display of a process's environment, given as `NAME=VALUE`; values that are not sane are passed over.
    public init(environment: [String]) {
        for entry in environment {
            guard let equals = entry.firstIndex(of: "=") else { continue }
            _ = set(String(entry[..<equals]), to: String(entry[entry.index(after: equals)...]))
        }
    }

    /// Sets a variable's value; false for another variable, and for a value that it cannot have.
    public mutating func set(_ variable: String, to value: String) -> Bool {
        switch variable {
        case "DISPLAY" where Self.isDisplay(value): display = value
        case "WAYLAND_DISPLAY" where Self.isSocket(value): waylandDisplay = value
        case "XAUTHORITY" where Self.isPath(value, atMost: 4095): authority = value
        default: return false
        }
        return true
    }

    /// Whether there is nowhere to show a window; an authority alone opens none.
    public var isNowhere: Bool { display == nil && waylandDisplay == nil }

    /// The same with the authority of `other`, where that is for the same display and none is named here.
    public func completed(by other: SessionDisplay) -> SessionDisplay {
        guard authority == nil, display != nil, display == other.display else { return self }
        var completed = self
        completed.authority = other.authority
        return completed
    }

    /// The variables that have a value.
    public var environment: [String: String] {
        var environment: [String: String] = [:]
        environment["DISPLAY"] = display
        environment["WAYLAND_DISPLAY"] = waylandDisplay
        environment["XAUTHORITY"] = authority
        return environment
    }

    /// The variables that name a display.
    public static let variables = ["DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY"]

    /// X(7), "DISPLAY NAMES": a host or none, a colon, the display's number and perhaps the screen's.
    private static func isDisplay(_ text: String) -> Bool {
        guard text.utf8.count <= 255, let colon = text.lastIndex(of: ":") else { return false }
        let host = text[..<colon]
        let numbers = text[text.index(after: colon)...].split(separator: ".", omittingEmptySubsequences: false)
        let isHost =
            host.utf8.allSatisfy { isLetterOrDigit($0) || "._-".utf8.contains($0) }
            || (host.hasPrefix("[") && host.hasSuffix("]") && IPv6Address(host.dropFirst().dropLast()) != nil)
        return isHost && (1...2).contains(numbers.count)
            && numbers.allSatisfy {
                (1...5).contains($0.utf8.count) && $0.utf8.allSatisfy { (0x30...0x39).contains($0) }
            }
    }

    private static func isSocket(_ text: String) -> Bool {
        // The longest path of a socket (unix(7)).
        if text.hasPrefix("/") { return isPath(text, atMost: 107) }
        return (1...107).contains(text.utf8.count) && text != "." && text != ".."
            && text.utf8.allSatisfy { isLetterOrDigit($0) || "._-".utf8.contains($0) }
    }

    private static func isPath(_ text: String, atMost length: Int) -> Bool {
        text.hasPrefix("/") && text.utf8.count <= length && text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
    }

    private static func isLetterOrDigit(_ octet: UInt8) -> Bool {
        (0x30...0x39).contains(octet) || (0x41...0x5A).contains(octet) || (0x61...0x7A).contains(octet)
    }
}
