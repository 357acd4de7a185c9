// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// What `eonay-courier` answers: one reply to each request.
public enum CourierReply: FrameMessage {
    /// The portal is set; nothing was sent yet.
    case opened
    /// The statement in force.
    case statement(Statement)
    /// A code and what it is for.
    case challenge(Challenge)
    /// The portal took the signature.
    case submitted(Submission)
    /// The session's state after the confirmation.
    case confirmed(state: String)
    /// The consent on record.
    case status(ConsentStatus)
    /// One record.
    case consent(ConsentRecord)
    /// The application was filed, at this time (seconds since 1970-01-01 UTC).
    case applied(reference: String, consent: String, at: Int64)
    /// The newest application of the kind; an empty reference where there is none.
    case newestApplication(reference: String)
    /// What is known of the certificate's revocation.
    case revocation(RevocationAnswer)
    /// The session is over.
    case ended
    /// The request failed.
    case failed(JobFailure)

    public init(from reader: inout FrameReader) throws(FrameError) {
        switch try reader.u8("CourierReply") {
        case 0: self = .opened
        case 1: self = .statement(try reader.value("statement"))
        case 2: self = .challenge(try reader.value("challenge"))
        case 3: self = .submitted(try reader.value("submission"))
        case 4: self = .confirmed(state: try reader.string("state"))
        case 5: self = .status(try reader.value("status"))
        case 6: self = .consent(try reader.value("record"))
        case 7:
            self = .applied(
                reference: try reader.string("reference"), consent: try reader.string("consent"),
                at: try reader.i64("at"))
        case 8: self = .revocation(try reader.value("answer"))
        case 9: self = .ended
        case 10: self = .failed(try reader.value("failure"))
        case 11: self = .newestApplication(reference: try reader.string("reference"))
        default: throw FrameError(.unknownChoice, "CourierReply")
        }
    }

    public func write(to writer: inout FrameWriter) {
        switch self {
        case .opened: writer.u8(0)
        case .statement(let statement):
            writer.u8(1)
            writer.value(statement)
        case .challenge(let challenge):
            writer.u8(2)
            writer.value(challenge)
        case .submitted(let submission):
            writer.u8(3)
            writer.value(submission)
        case .confirmed(let state):
            writer.u8(4)
            writer.string(state)
        case .status(let status):
            writer.u8(5)
            writer.value(status)
        case .consent(let record):
            writer.u8(6)
            writer.value(record)
        case .applied(let reference, let consent, let at):
            writer.u8(7)
            writer.string(reference)
            writer.string(consent)
            writer.i64(at)
        case .revocation(let answer):
            writer.u8(8)
            writer.value(answer)
        case .ended: writer.u8(9)
        case .failed(let failure):
            writer.u8(10)
            writer.value(failure)
        case .newestApplication(let reference):
            writer.u8(11)
            writer.string(reference)
        }
    }
}
