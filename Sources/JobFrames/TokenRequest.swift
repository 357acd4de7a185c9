// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// What `eonayd` asks of `eonay-token`, one at a time.
public enum TokenRequest: FrameMessage {
    /// Which modules are there?
    case modules(ModulesRequest)
    /// Which certificates are on the card?
    case list(ListRequest)
    /// Make ready to sign.
    case prepare(PrepareRequest)
    /// Sign one text; after `prepare`.
    case sign(SignRequest)
    /// What does this certificate file say?
    case inspect(InspectRequest)
    /// Is this signature good?
    case verify(VerifyRequest)

    public init(from reader: inout FrameReader) throws(FrameError) {
        switch try reader.u8("TokenRequest") {
        case 0: self = .modules(try reader.value("request"))
        case 1: self = .list(try reader.value("request"))
        case 2: self = .prepare(try reader.value("request"))
        case 3: self = .sign(try reader.value("request"))
        case 4: self = .inspect(try reader.value("request"))
        case 5: self = .verify(try reader.value("request"))
        default: throw FrameError(.unknownChoice, "TokenRequest")
        }
    }

    public func write(to writer: inout FrameWriter) {
        switch self {
        case .modules(let request):
            writer.u8(0)
            writer.value(request)
        case .list(let request):
            writer.u8(1)
            writer.value(request)
        case .prepare(let request):
            writer.u8(2)
            writer.value(request)
        case .sign(let request):
            writer.u8(3)
            writer.value(request)
        case .inspect(let request):
            writer.u8(4)
            writer.value(request)
        case .verify(let request):
            writer.u8(5)
            writer.value(request)
        }
    }
}
