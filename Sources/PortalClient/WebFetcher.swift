// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// Fetches what is public and signed: revocation answers, lists, certificates. For one thread.
///
/// Such things lie at addresses that certificates name, mostly under plain http, so nothing is believed for where it
/// came from: whoever uses it checks its signature.
public final class WebFetcher {
    private let web: WebSession

    /// A fetcher that waits so many milliseconds for each answer.
    public init(timeout: UInt32) throws(PortalFailure) {
        do {
            web = try WebSession(timeouts: PortalTimeouts(connect: timeout, total: timeout), caFile: nil)
        } catch {
            throw PortalFailure(error)
        }
    }

    /// Whether the address is one of http or https, in visible ASCII; certificates name ldap and worse as well.
    public static func isFetchable(_ address: String) -> Bool {
        (address.hasPrefix("http://") || address.hasPrefix("https://"))
            && (8...2048).contains(address.utf8.count) && address.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }

    /// What lies at an address, at most so many octets.
    public func get(_ address: String, atMost octets: Int) throws(PortalFailure) -> [UInt8] {
        try body(WebRequest(method: .get, address: address, longestAnswer: octets))
    }

    /// The answer to what is posted to an address.
    public func post(
        _ message: [UInt8], as type: String, to address: String, atMost octets: Int
    ) throws(PortalFailure) -> [UInt8] {
        try body(
            WebRequest(
                method: .post, address: address, headers: ["Content-Type: \(type)", "Expect:"], body: message,
                longestAnswer: octets))
    }

    private func body(_ request: WebRequest) throws(PortalFailure) -> [UInt8] {
        guard Self.isFetchable(request.address) else { throw .unreachable("address") }
        let answer: WebAnswer
        do { answer = try web.perform(request) } catch { throw PortalFailure(error) }
        guard answer.status == 200 else { throw .unreachable("http-\(answer.status)") }
        return answer.body
    }
}
