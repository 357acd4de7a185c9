// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// Steps of a scripted portal, as it reads them.
public enum Step {
    /// Answers with a JSON text.
    public static func json(_ body: String, status: Int = 200, type: String = "application/json") -> String {
        "{\"status\": \(status), \"type\": \"\(type)\", \"body\": \(quoted(body))}"
    }

    /// Answers 200 with octets.
    public static func octets(_ octets: [UInt8], type: String) -> String {
        "{\"type\": \"\(type)\", \"base64\": \"\(Data(octets).base64EncodedString())\"}"
    }

    /// Answers with a problem of the contract.
    public static func problem(_ name: String, _ status: Int) -> String {
        json(
            "{\"type\": \"urn:eonay:problem:\(name)\", \"title\": \"\", \"status\": \(status)}", status: status,
            type: "application/problem+json")
    }

    /// Reads the request and closes the connection.
    public static let drop = "{\"drop\": true}"

    /// Reads the request and never answers it.
    public static let hang = "{\"hang\": true}"

    private static func quoted(_ text: String) -> String {
        String(decoding: try! JSONEncoder().encode(text), as: UTF8.self)
    }
}
