// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import BusContract
import EOnayCore
import Testing
import Texts

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

    @Test func theDetailIsDataWhateverTheSentenceSays() {
        let told = BusError(
            name: ErrorName.portalRefused.busName, message: "Etwas ganz anderes (x).", detail: "rate-limited")
        let failure = Failure(told)
        #expect(failure == Failure(.portalRefused))
        #expect(failure.detail == "rate-limited")
        #expect(failure.explained(Texts(.turkish)).what == Texts(.turkish).error(.portalRefused).what)
        // The service's own sentence is nobody's detail.
        let before = Failure(BusError(name: ErrorName.portalRefused.busName, message: "The portal refused. (x) Read."))
        #expect(before.detail == "")
    }

    @Test func anotherApprovalIsKnownByItsDetail() {
        let busy = ErrorName.tokenBusy
        #expect(Failure(busy.busError("…", detail: "another-approval")) == Failure(.alreadyRunning))
        #expect(Failure(busy.busError("(another-approval)")) == Failure(.tokenBusy))
    }

    @Test func anErrorThatIsNotKnownIsToldInTheServicesWords() {
        let failure = Failure(
            BusError(
                name: "org.eonay.EOnay1.Error.MoonTooBright", message: "Ay çok parlak. Bulut bekleyin.", detail: "full")
        )
        #expect(failure.name == "UnknownError")
        #expect(failure.status.rawValue == 1)
        #expect(failure.detail == "MoonTooBright")
        #expect(failure.explained(Texts(.english)).what == "Ay çok parlak. Bulut bekleyin.")
        #expect(failure.explained(Texts(.english)).remedy == "")
    }

    @Test func anObjectsErrorIsToldInTheSameWay() {
        let known = ServiceFault(
            .structure([.string("org.eonay.EOnay1.Error.PortalRefused"), .string("Portal reddetti.")]),
            detail: .string("text-mismatch"))
        #expect(known.failure == Failure(.portalRefused) && known.failure.detail == "text-mismatch")
        #expect(known.explained(Texts(.english)) == Texts(.english).error(.portalRefused, detail: "text-mismatch"))
        // A service of before has no detail, one that comes later has other names.
        let unknown = ServiceFault(.structure([.string("MoonTooBright"), .string("Ay çok parlak.")]), detail: nil)
        #expect(unknown.detail == "" && unknown.failure == Failure(.unknownError))
        #expect(unknown.explained(Texts(.english)).what == "Ay çok parlak.")
        #expect(ServiceFault(nil, detail: nil).isEmpty)
    }
}
