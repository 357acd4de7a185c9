// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// One reason why a signature is not valid; thrown where there can only be one.
public struct SignatureReason: Error, Sendable, Hashable {
    /// The one thing that is wrong.
    public let fault: SignatureFault

    /// What narrows the fault down, in stable short codes: "no-qc-compliance", "path-length"; "" where nothing does.
    public let detail: String

    init(_ fault: SignatureFault, _ detail: String = "") {
        self.fault = fault
        self.detail = detail
    }

    /// Where EN 319 102-1 puts it.
    public var subIndication: SubIndication { fault.subIndication }

    /// `SIG_CRYPTO_FAILURE: signature-mismatch`, with the detail in parentheses where there is one.
    public var text: String {
        "\(subIndication.rawValue): \(fault.rawValue)" + (detail.isEmpty ? "" : " (\(detail))")
    }
}
