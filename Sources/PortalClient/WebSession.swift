// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import CCurl

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
