// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// Where a pinentry can open its window: the variables of a graphical session, for that program alone.
public struct PromptDisplay: FrameValue, Equatable {
    /// `DISPLAY`; nil where it has no value.
    public var display: String?
    /// `WAYLAND_DISPLAY`.
    public var waylandDisplay: String?
    /// `XAUTHORITY`.
    public var authority: String?

    /// Creates the value from its fields.
    public init(display: String? = nil, waylandDisplay: String? = nil, authority: String? = nil) {
        self.display = display
        self.waylandDisplay = waylandDisplay
        self.authority = authority
    }

    public init(from reader: inout FrameReader) throws(FrameError) {
        display = try reader.optionalString("display")
        waylandDisplay = try reader.optionalString("waylandDisplay")
        authority = try reader.optionalString("authority")
    }

    public func write(to writer: inout FrameWriter) {
        writer.optionalString(display)
        writer.optionalString(waylandDisplay)
        writer.optionalString(authority)
    }
}
