// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import CCurl

/// Fetches revocation answers, lists and certificates, which are public and signed. For one thread.
///
/// Certificates name their addresses, mostly under plain http, so the origin proves nothing: the caller checks signatures.
public final class WebFetcher {
    private let web: WebSession

    /// A fetcher that waits so many milliseconds for each answer.
    ///
    /// - Parameter caFile: a PEM file of authorities to trust instead of the system's.
    public init(timeout: UInt32, caFile: String? = nil) throws(PortalFailure) {
        web = try WebSession(timeouts: PortalTimeouts(connect: timeout, total: timeout), caFile: caFile)
    }

    /// The status with which a server answers a plain request, and the second of its `Date` field (RFC 9110, 6.6.1), where it sends one.
    public func probe(_ address: String) throws(PortalFailure) -> (status: Int, date: Int64?) {
        guard Self.isFetchable(address) else { throw .unreachable("address") }
        let answer = try web.perform(WebRequest(method: .get, address: address, longestAnswer: 1 << 20))
        return (answer.status, web.date)
    }

    /// Whether the address is one of http or https, in visible ASCII. Certificates name ldap addresses as well.
    public static func isFetchable(_ address: String) -> Bool {
        (address.hasPrefix("http://") || address.hasPrefix("https://"))
            && (8...2048).contains(address.utf8.count) && address.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }

    /// The body at an address; throws if it has more octets than allowed.
    public func get(_ address: String, atMost octets: Int) throws(PortalFailure) -> [UInt8] {
        try body(WebRequest(method: .get, address: address, longestAnswer: octets))
    }

    /// Posts a message and returns the answer's body.
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
        let answer = try web.perform(request)
        guard answer.status == 200 else { throw .unreachable("http-\(answer.status)") }
        return answer.body
    }
}

/// Sends requests to web servers, one after the other, and waits for each answer. For one thread.
///
/// It keeps connections for the next request. It follows no redirect, keeps no cookie and reads no `.netrc`. It uses the
/// proxies of the environment for https alone, where they see no content.
final class WebSession {
    private let handle: UnsafeMutableRawPointer
    private let timeouts: PortalTimeouts
    private let caFile: String?
    /// Whether the last request may have reached its server, even if no answer came.
    private(set) var mayHaveArrived = false

    /// libcurl's own start: once in a process, before its first thread.
    private static let library = curl_global_init(Int(CURL_GLOBAL_DEFAULT))

    /// A session that trusts the authorities in `caFile` (PEM), or the system's.
    init(timeouts: PortalTimeouts, caFile: String?) throws(PortalFailure) {
        guard Self.library == CURLE_OK, let handle = curl_easy_init() else {
            throw .unreachable("curl-init")
        }
        self.handle = handle
        self.timeouts = timeouts
        self.caFile = caFile
    }

    deinit { curl_easy_cleanup(handle) }

    /// Sends the request and reads its whole answer.
    func perform(_ request: WebRequest) throws(PortalFailure) -> WebAnswer {
        mayHaveArrived = false
        let sink = Sink(limit: request.longestAnswer)
        let headers = HeaderList(request.headers)
        // Resets the options of the request before, and keeps the open connections.
        curl_easy_reset(handle)
        let code = configured(for: request, headers: headers, sink: sink)
        guard code == CURLE_OK else { throw .unreachable("curl-\(code.rawValue)") }
        let result = withExtendedLifetime((headers, sink)) { curl_easy_perform(handle) }
        // No octet of the request is sent before the connection stands, its TLS part included.
        mayHaveArrived = number(CURLINFO_REQUEST_SIZE) > 0
        guard result == CURLE_OK else { throw PortalFailure(result) }
        return WebAnswer(status: number(CURLINFO_RESPONSE_CODE), mediaType: mediaType, body: sink.body)
    }

    private func configured(for request: WebRequest, headers: HeaderList, sink: Sink) -> CURLcode {
        let isSecure = request.address.hasPrefix("https://")
        let setting: [() -> CURLcode] = [
            { self.set(CURLOPT_URL, request.address) },
            { self.set(CURLOPT_PROTOCOLS_STR, isSecure ? "https" : "http") },
            { self.set(CURLOPT_CUSTOMREQUEST, request.method.rawValue) },
            { self.set(CURLOPT_FOLLOWLOCATION, 0) },
            { self.set(CURLOPT_DISALLOW_USERNAME_IN_URL, 1) },
            { self.set(CURLOPT_SSL_VERIFYPEER, 1) },
            { self.set(CURLOPT_SSL_VERIFYHOST, 2) },
            { self.set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2)) },
            { self.caFile.map { self.set(CURLOPT_CAINFO, $0) } ?? CURLE_OK },
            // With a file of authorities, the portal's certificate must come from those alone.
            { self.caFile == nil ? CURLE_OK : ccurl_set_text(self.handle, CURLOPT_CAPATH, nil) },
            { isSecure ? CURLE_OK : self.set(CURLOPT_PROXY, "") },
            { self.set(CURLOPT_CONNECTTIMEOUT_MS, Int(self.timeouts.connect)) },
            { self.set(CURLOPT_TIMEOUT_MS, Int(self.timeouts.total)) },
            { self.set(CURLOPT_FRESH_CONNECT, request.isSentOnce ? 1 : 0) },
            // Without this, libcurl uses SIGALRM against a slow name server.
            { self.set(CURLOPT_NOSIGNAL, 1) },
            { self.set(CURLOPT_USERAGENT, "eonay-courier") },
            { ccurl_set_list(self.handle, CURLOPT_HTTPHEADER, headers.first) },
            { request.body.map { ccurl_set_body(self.handle, $0, $0.count) } ?? CURLE_OK },
            { ccurl_set_writer(self.handle, receive, Unmanaged.passUnretained(sink).toOpaque()) },
        ]
        for set in setting {
            let code = set()
            if code != CURLE_OK { return code }
        }
        return CURLE_OK
    }

    private func set(_ option: CURLoption, _ value: Int) -> CURLcode { ccurl_set_number(handle, option, value) }

    private func set(_ option: CURLoption, _ value: String) -> CURLcode { ccurl_set_text(handle, option, value) }

    private func number(_ info: CURLINFO) -> Int {
        var value = 0
        return ccurl_get_number(handle, info, &value) == CURLE_OK ? value : 0
    }

    /// The second of the last answer's `Date` field.
    fileprivate var date: Int64? {
        var field: UnsafeMutablePointer<curl_header>?
        guard curl_easy_header(handle, "Date", 0, UInt32(CURLH_HEADER), -1, &field) == CURLHE_OK, let field else {
            return nil
        }
        let second = curl_getdate(field.pointee.value, nil)
        return second < 0 ? nil : Int64(second)
    }

    private var mediaType: String {
        var text: UnsafePointer<CChar>?
        guard ccurl_get_text(handle, CURLINFO_CONTENT_TYPE, &text) == CURLE_OK, let text else { return "" }
        return String(cString: text).prefix { $0 != ";" && $0 != " " }.lowercased()
    }
}

/// Where an answer's octets go, up to a limit.
private final class Sink {
    let limit: Int
    var body: [UInt8] = []

    init(limit: Int) { self.limit = limit }
}

/// Owns the headers of one request while libcurl reads them.
private final class HeaderList {
    private(set) var first: UnsafeMutablePointer<curl_slist>?

    init(_ lines: [String]) {
        for line in lines { first = curl_slist_append(first, line) ?? first }
    }

    deinit { curl_slist_free_all(first) }
}

/// libcurl's write callback. Returning fewer octets than given ends the transfer with CURLE_WRITE_ERROR.
private func receive(
    _ octets: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    guard let octets, let context else { return 0 }
    let sink = Unmanaged<Sink>.fromOpaque(context).takeUnretainedValue()
    let length = size * count
    guard length <= sink.limit - sink.body.count else { return 0 }
    sink.body.append(contentsOf: UnsafeRawBufferPointer(start: octets, count: length))
    return length
}

/// One request to a web server.
struct WebRequest {
    enum Method: String {
        case get = "GET"
        case post = "POST"
        case delete = "DELETE"
    }

    let method: Method
    let address: String
    /// `Name: value` lines. All values are checked, so none can contain a line end.
    var headers: [String] = []
    var body: [UInt8]?
    /// Whether to open a new connection. If a kept one turns out to be dead, libcurl silently sends the request again.
    var isSentOnce = false
    /// The longest answer to accept, in octets.
    var longestAnswer: Int
}

/// The answer of a web server.
struct WebAnswer {
    let status: Int
    /// The media type in lower case, without parameters; empty if there is none.
    let mediaType: String
    let body: [UInt8]
}

extension PortalFailure {
    /// Why libcurl has no answer.
    fileprivate init(_ code: CURLcode) {
        self =
            switch code {
            case CURLE_COULDNT_RESOLVE_HOST: .unreachable("resolve")
            case CURLE_COULDNT_RESOLVE_PROXY: .unreachable("proxy")
            case CURLE_COULDNT_CONNECT: .unreachable("connect")
            case CURLE_OPERATION_TIMEDOUT: .unreachable("timeout")
            case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_ISSUER_ERROR: .untrusted("tls-certificate")
            case CURLE_SSL_CACERT_BADFILE: .untrusted("ca-file")
            case CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CIPHER, CURLE_SSL_CERTPROBLEM: .untrusted("tls-handshake")
            case CURLE_WRITE_ERROR, CURLE_FILESIZE_EXCEEDED: .untrusted("answer-too-large")
            case CURLE_GOT_NOTHING, CURLE_PARTIAL_FILE, CURLE_RECV_ERROR, CURLE_SEND_ERROR: .unreachable("answer-cut")
            default: .unreachable("curl-\(code.rawValue)")
            }
    }
}

/// How long to wait for a portal, in milliseconds.
public struct PortalTimeouts: Sendable, Equatable {
    /// For the connection, its TLS part included.
    public let connect: UInt32
    /// For a request from its beginning to the last octet of its answer.
    public let total: UInt32

    /// Zero means "for ever" to libcurl, so here it means the default.
    public init(connect: UInt32 = 10_000, total: UInt32 = 30_000) {
        self.connect = connect == 0 ? 10_000 : connect
        self.total = total == 0 ? 30_000 : total
    }
}
