// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// What `eonayd` asks of `eonay-courier`, one at a time; `open` comes first.
public enum CourierRequest: FrameMessage {
    /// Speak to this portal from now on.
    case open(PortalEndpoint)
    /// Which statement is in force?
    case statement
    /// Begin a session for this identity number.
    case session(identity: String)
    /// What is this code for?
    case challenge(code: String)
    /// Hand in the signature made under this code.
    case submit(code: String, signature: [UInt8])
    /// Prove the session with the six digits.
    case confirm(number: String)
    /// Ask for a code for this decision.
    case decide(decision: String, statementVersion: String)
    /// Which consent is recorded?
    case status
    /// Fetch one record.
    case consent(reference: String)
    /// File an application of this kind.
    case apply(kind: String)
    /// Which is the newest application of this kind?
    case newestApplication(kind: String)
    /// Was this certificate revoked?
    case revocation(RevocationRequest)
    /// End the session.
    case end

    public init(from reader: inout FrameReader) throws(FrameError) {
        switch try reader.u8("CourierRequest") {
        case 0: self = .open(try reader.value("endpoint"))
        case 1: self = .statement
        case 2: self = .session(identity: try reader.string("identity"))
        case 3: self = .challenge(code: try reader.string("code"))
        case 4: self = .submit(code: try reader.string("code"), signature: try reader.bytes("signature"))
        case 5: self = .confirm(number: try reader.string("number"))
        case 6:
            self = .decide(
                decision: try reader.string("decision"), statementVersion: try reader.string("statementVersion"))
        case 7: self = .status
        case 8: self = .consent(reference: try reader.string("reference"))
        case 9: self = .apply(kind: try reader.string("kind"))
        case 10: self = .revocation(try reader.value("request"))
        case 11: self = .end
        case 12: self = .newestApplication(kind: try reader.string("kind"))
        default: throw FrameError(.unknownChoice, "CourierRequest")
        }
    }

    public func write(to writer: inout FrameWriter) {
        switch self {
        case .open(let endpoint):
            writer.u8(0)
            writer.value(endpoint)
        case .statement: writer.u8(1)
        case .session(let identity):
            writer.u8(2)
            writer.string(identity)
        case .challenge(let code):
            writer.u8(3)
            writer.string(code)
        case .submit(let code, let signature):
            writer.u8(4)
            writer.string(code)
            writer.bytes(signature)
        case .confirm(let number):
            writer.u8(5)
            writer.string(number)
        case .decide(let decision, let statementVersion):
            writer.u8(6)
            writer.string(decision)
            writer.string(statementVersion)
        case .status: writer.u8(7)
        case .consent(let reference):
            writer.u8(8)
            writer.string(reference)
        case .apply(let kind):
            writer.u8(9)
            writer.string(kind)
        case .revocation(let request):
            writer.u8(10)
            writer.value(request)
        case .end: writer.u8(11)
        case .newestApplication(let kind):
            writer.u8(12)
            writer.string(kind)
        }
    }
}
