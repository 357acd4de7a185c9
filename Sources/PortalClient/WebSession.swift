// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import CCurl

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

/// Asks web servers, one request after the other, and waits for each answer. For one thread.
///
/// Connections are kept for the next request. No redirect is followed, no cookie kept, no `.netrc` read; the proxies of
/// the environment serve for https alone, where they see no content.
final class WebSession {
    private let handle: UnsafeMutableRawPointer
    private let timeouts: PortalTimeouts
    private let caFile: String?

    /// libcurl's own start: once in a process, before any thread of its.
    private static let library = curl_global_init(Int(CURL_GLOBAL_DEFAULT))

    /// A session that trusts the authorities in `caFile` (PEM), or the system's.
    init(timeouts: PortalTimeouts, caFile: String?) throws(WebFailure) {
        guard Self.library == CURLE_OK, let handle = curl_easy_init() else {
            throw WebFailure(.unreachable, "curl-init")
        }
        self.handle = handle
        self.timeouts = timeouts
        self.caFile = caFile
    }

    deinit { curl_easy_cleanup(handle) }

    /// Sends the request and reads its whole answer; throws what kept it from coming.
    func perform(_ request: WebRequest) throws(WebFailure) -> WebAnswer {
        let sink = Sink(limit: request.longestAnswer)
        let headers = HeaderList(request.headers)
        // The options of the request before go, the open connections stay.
        curl_easy_reset(handle)
        let code = configured(for: request, headers: headers, sink: sink)
        guard code == CURLE_OK else { throw WebFailure(.unreachable, "curl-\(code.rawValue)") }
        let result = withExtendedLifetime((headers, sink)) { curl_easy_perform(handle) }
        guard result == CURLE_OK else { throw WebFailure(result, connected: hasConnected) }
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
            { self.set(CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2) },
            { self.caFile.map { self.set(CURLOPT_CAINFO, $0) } ?? CURLE_OK },
            // With a file of its own, the portal's certificate must come from that file alone.
            { self.caFile == nil ? CURLE_OK : ccurl_set_text(self.handle, CURLOPT_CAPATH, nil) },
            { isSecure ? CURLE_OK : self.set(CURLOPT_PROXY, "") },
            { self.set(CURLOPT_CONNECTTIMEOUT_MS, Int(self.timeouts.connect)) },
            { self.set(CURLOPT_TIMEOUT_MS, Int(self.timeouts.total)) },
            { self.set(CURLOPT_FRESH_CONNECT, request.isSentOnce ? 1 : 0) },
            // Without this, a slow name server is timed out by SIGALRM.
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

    /// Whether the connection stood, its TLS part included: before that no request was sent.
    private var hasConnected: Bool { number(CURLINFO_REQUEST_SIZE) > 0 }

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

/// libcurl's write callback: fewer octets taken than given ends the transfer with CURLE_WRITE_ERROR.
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

/// One question to a web server.
struct WebRequest {
    enum Method: String {
        case get = "GET"
        case post = "POST"
        case delete = "DELETE"
    }

    let method: Method
    let address: String
    /// `Name: value` lines. They hold nothing that came from outside unchecked: no line end can be smuggled in.
    var headers: [String] = []
    var body: [UInt8]?
    /// Whether to open a connection for it. On a kept one that turns out to be dead, libcurl sends a request again by
    /// itself and tells nobody.
    var isSentOnce = false
    /// The longest answer that is taken, in octets.
    var longestAnswer: Int
}

/// What a web server answered.
struct WebAnswer {
    let status: Int
    /// The media type in lower case, without parameters; empty where none was told.
    let mediaType: String
    let body: [UInt8]
}

/// Why a web server gave no answer.
struct WebFailure: Error, Equatable {
    enum Kind: Equatable {
        /// Name, address, connection, proxy: the request never left.
        case unreachable
        /// The server is not who it says, or no secure connection could be made.
        case untrusted
        /// The request may have arrived, and no whole answer came.
        case answerLost
        /// An answer came that is longer than is taken.
        case tooLarge
    }

    let kind: Kind
    /// A stable word: `connect`, `tls-certificate`, `timeout`.
    let detail: String

    init(_ kind: Kind, _ detail: String) {
        self.kind = kind
        self.detail = detail
    }

    /// What a code of libcurl means. `connected` tells whether the connection stood when it failed.
    init(_ code: CURLcode, connected: Bool) {
        switch code {
        case CURLE_COULDNT_RESOLVE_HOST: self.init(.unreachable, "resolve")
        case CURLE_COULDNT_RESOLVE_PROXY: self.init(.unreachable, "proxy")
        case CURLE_COULDNT_CONNECT: self.init(.unreachable, "connect")
        case CURLE_OPERATION_TIMEDOUT: self.init(connected ? .answerLost : .unreachable, "timeout")
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_ISSUER_ERROR: self.init(.untrusted, "tls-certificate")
        case CURLE_SSL_CACERT_BADFILE: self.init(.untrusted, "ca-file")
        case CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CIPHER, CURLE_SSL_CERTPROBLEM: self.init(.untrusted, "tls-handshake")
        case CURLE_WRITE_ERROR, CURLE_FILESIZE_EXCEEDED: self.init(.tooLarge, "answer-too-large")
        case CURLE_GOT_NOTHING, CURLE_PARTIAL_FILE, CURLE_RECV_ERROR, CURLE_SEND_ERROR:
            self.init(.answerLost, "answer-cut")
        default: self.init(connected ? .answerLost : .unreachable, "curl-\(code.rawValue)")
        }
    }
}

/// How long a portal is waited for, in milliseconds.
public struct PortalTimeouts: Sendable, Equatable {
    /// For the connection, its TLS part included.
    public let connect: UInt32
    /// For a request from its beginning to the last octet of its answer.
    public let total: UInt32

    /// Zero would mean "for ever" to libcurl, so it is taken for the usual.
    public init(connect: UInt32 = 10_000, total: UInt32 = 30_000) {
        self.connect = connect == 0 ? 10_000 : connect
        self.total = total == 0 ? 30_000 : total
    }
}
