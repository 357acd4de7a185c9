// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// Tells a `pcscd` that refuses us from one that is not there, by its failures.
///
/// **The problem.** A `pcscd` whose polkit says no closes the connection without a word. The error that pcsc-lite makes of that depends on
/// which octets were on their way (winscard_msg.c): SCARD_W_SECURITY_VIOLATION for a reset, SCARD_F_COMM_ERROR for an end, and
/// SCARD_E_NO_SERVICE for a broken pipe, which is its word for "nobody listens" as well. A `pcscd` that ends at that moment
/// looks the same. **The rule.** A connection that was made and taken away counts, whatever it was called; a socket at which
/// nobody listens is the only thing that proves an absence. A true refusal is repeated.
struct PCSCAbsence {
    enum Finding: Equatable {
        case absent
        case denied
        /// Something listens that has not answered yet: it may be about to end or to begin.
        case undecided
    }

    /// With the monitor's delays, this many take 0.2 s.
    private static let refusalsToBelieve = 6

    private var refusals = 0

    /// A wait has come back in good order.
    mutating func reset() { refusals = 0 }

    /// - Parameter isListening: whether somebody listens at the socket, looked at where the error does not say; nil where that
    ///   cannot be found out.
    mutating func failed(_ code: PCSCError.Code, isListening: () -> Bool?) -> Finding {
        let wasConnected = code == .securityViolation || code == .communicationFailed
        switch wasConnected ? true : isListening() {
        case true?: refusals += 1
        case false?: refusals = 0
        case nil: return .undecided
        }
        if refusals == 0 { return .absent }
        return refusals >= Self.refusalsToBelieve ? .denied : .undecided
    }
}
