// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

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
