// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import BusContract
import EOnayCore
import Foundation
import Testing

@testable import CommandLineClient

@Suite(.timeLimit(.minutes(1)))
struct EndStatusTests {
    @Test func eachErrorHasItsOwnStatusAndKeepsIt() {
        let statuses = ErrorName.allCases.map { EndStatus($0).rawValue }
        #expect(Set(statuses).count == statuses.count)
        #expect(EndStatus(.invalidArgument).rawValue == 10)
        #expect(EndStatus(.certificateExpired).rawValue == 23)
        #expect(EndStatus(.pinIncorrect).rawValue == 35)
        #expect(EndStatus(.cancelled).rawValue == 45)
        #expect(EndStatus(.storeFailed).rawValue == 47)
        #expect(EndStatus(.internal).rawValue == 1)
    }

    /// docs/man/eonay.1 has a row for each.
    @Test func theManualListsEachOfThem() throws {
        let manual = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../docs/man/eonay.1")
        let text = try String(contentsOf: manual.standardized, encoding: .utf8)
        #expect(text.contains("\n1\tInternal,"))
        for error in ErrorName.allCases where error != .internal {
            #expect(text.contains("\n\(EndStatus(error).rawValue)\t\(error.rawValue)\n"), "\(error.rawValue)")
        }
    }

    @Test(arguments: [
        ("org.freedesktop.DBus.Error.ServiceUnknown", "ServiceUnavailable", 3),
        ("org.freedesktop.DBus.Error.Spawn.ChildExited", "ServiceUnavailable", 3),
        ("org.freedesktop.DBus.Error.NoReply", "ServiceSilent", 3),
        ("org.freedesktop.DBus.Error.UnknownMethod", "ServiceForeign", 3),
        ("org.freedesktop.DBus.Error.Disconnected", "ServiceLost", 3),
        ("org.eonay.EOnay1.Error.TokenBusy", "TokenBusy", 18),
        ("com.example.Error.Strange", "UnknownError", 1),
    ])
    func whatTheBusAnswersIsTold(name: String, word: String, status: Int32) {
        let failure = Failure(BusError(name: name, message: "text"))
        #expect(failure.name == word)
        #expect(failure.status.rawValue == status)
    }

    @Test func theDetailOfTheServicesMessageIsFoundInEitherLanguage() {
        let english =
            "The portal refused. (rate-limited) Try again later; if it persists, ask the portal."
        #expect(ServiceMessage.detail(in: english, of: "PortalRefused") == "rate-limited")
        #expect(ServiceMessage.detail(in: "something else (x)", of: "PortalRefused") == "")
    }
}
