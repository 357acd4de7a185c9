// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import GRDB
import Logging
import NIOCore
import NIOPosix
import Signatures

extension Logger.Metadata {
    /// What of an error may stand in the log: its kind and its codes. Never its words: they could hold what was sent.
    init(of error: any Error) {
        self = ["error": "\(Swift.type(of: error))"]
        switch error {
        // SQLite's own words for a code, such as "13 (database or disk is full)".
        case let error as DatabaseError: self["sqlite"] = "\(error.extendedResultCode)"
        case let error as FileFailure: self["errno"] = "\(error.code)"
        case let error as IOError: self["errno"] = "\(error.errnoCode)"
        case let error as NIOConnectionError:
            self["errno"] = error.connectionErrors.first.flatMap { $0.error as? IOError }.map { "\($0.errnoCode)" }
        case let error as RevocationError: self["reason"] = "\(error.code.rawValue) \(error.detail)"
        case let error as RevocationTransport.Failure: self["status"] = "\(error.status)"
        // A fixed name for each of them, such as "HTTPClientError.connectTimeout".
        case let error as HTTPClientError: self["reason"] = "\(error)"
        case is OutOfPatience: self["reason"] = "no answer in time"
        default: break
        }
    }
}
