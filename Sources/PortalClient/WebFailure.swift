// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import CCurl

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
