// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

public import Bus

/// The options of `Forget`; the raw value is the key in `a{sv}`.
public enum ForgetOption: String, CaseIterable, Sendable {
    /// All that is known of the certificate's holder.
    case holder
    /// Everything. No certificate is named then.
    case all
    /// Approvals that were recorded go too, with their signatures.
    case signatures

    /// The type that the value must have.
    public var type: Signature { "b" }
}

/// The keys in the answer of `Forget`.
public enum ForgottenKey: String, ListKey {
    /// The ids that were forgotten.
    case certificates = "Certificates"
    /// Those among them whose card is in: they are known again as soon as it is read.
    case present = "Present"
    /// How many approvals were forgotten, and how many of the same certificates stay.
    case approvals = "Approvals"
    case kept = "Kept"
    /// False: another program reads the record, and what was deleted leaves its files when that ends.
    case erased = "Erased"

    public var type: Signature {
        switch self {
        case .certificates, .present: "as"
        case .approvals, .kept: "u"
        case .erased: "b"
        }
    }
}

/// The options of `ListApprovals`; the raw value is the key in `a{sv}`.
public enum ApprovalsOption: String, CaseIterable, Sendable {
    /// Only approvals with a greater number.
    case after
    /// The most rows; 0: as many as there may be.
    case limit

    /// The type that the value must have.
    public var type: Signature { self == .after ? "x" : "u" }
}

/// The keys in a row of `ListApprovals`: all that is stored of an approval.
public enum ApprovalKey: String, ListKey {
    case number = "Number"
    case kind = "Kind"
    case certificate = "Certificate"
    case portal = "Portal"
    case startedAt = "StartedAt"
    case decision = "Decision"
    case state = "State"
    case endedAt = "EndedAt"
    case result = "Result"
    case error = "Error"
    case errorDetail = "ErrorDetail"
    case message = "Message"
    case reference = "Reference"
    case confirmationNumber = "ConfirmationNumber"
    case handleToken = "HandleToken"
    case code = "Code"
    /// Step, time and CMS SignedData of each signature that it made.
    case signatures = "Signatures"

    public var type: Signature {
        switch self {
        case .number, .startedAt, .endedAt: "x"
        case .signatures: "a(sxay)"
        default: "s"
        }
    }
}
