// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// What `eonay-token` answers: one reply to each request, `progress` before a signature excepted.
public enum TokenReply: FrameMessage {
    /// The modules found, in the order to try.
    case modules(ModuleList)
    /// What is on the card.
    case listed(TokenDescription)
    /// Ready to sign.
    case prepared(Prepared)
    /// A signature is under way; another reply follows.
    case progress(SignProgress)
    /// The signature, CMS in DER.
    case signed([UInt8])
    /// The certificates found in the file.
    case inspected([CertificateDescription])
    /// The judgement on the signature.
    case verified(VerificationDescription)
    /// The request failed; the job may be asked again unless its end is closed.
    case failed(JobFailure)

    public init(from reader: inout FrameReader) throws(FrameError) {
        switch try reader.u8("TokenReply") {
        case 0: self = .modules(try reader.value("modules"))
        case 1: self = .listed(try reader.value("token"))
        case 2: self = .prepared(try reader.value("prepared"))
        case 3: self = .progress(try reader.choice("progress"))
        case 4: self = .signed(try reader.bytes("signature"))
        case 5: self = .inspected(try reader.values("certificates"))
        case 6: self = .verified(try reader.value("verification"))
        case 7: self = .failed(try reader.value("failure"))
        default: throw FrameError(.unknownChoice, "TokenReply")
        }
    }

    public func write(to writer: inout FrameWriter) {
        switch self {
        case .modules(let modules):
            writer.u8(0)
            writer.value(modules)
        case .listed(let token):
            writer.u8(1)
            writer.value(token)
        case .prepared(let prepared):
            writer.u8(2)
            writer.value(prepared)
        case .progress(let progress):
            writer.u8(3)
            writer.choice(progress)
        case .signed(let signature):
            writer.u8(4)
            writer.bytes(signature)
        case .inspected(let certificates):
            writer.u8(5)
            writer.values(certificates)
        case .verified(let verification):
            writer.u8(6)
            writer.value(verification)
        case .failed(let failure):
            writer.u8(7)
            writer.value(failure)
        }
    }
}

/// How far a signature has come.
public enum SignProgress: String, CaseIterable, Sendable {
    /// The person is being asked for the PIN.
    case waitingForPIN = "waiting-for-pin"
    /// The PIN was accepted; the card computes.
    case signing
}
