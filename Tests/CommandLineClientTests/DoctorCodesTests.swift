// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import CommandLineClient

/// That each line of `eonay doctor` is produced in a test, and each topic is once fine.
@Suite(.timeLimit(.minutes(1)))
struct DoctorCodesTests {
    /// The test that produces it; a code without one does not compile.
    private static func test(of code: FindingCode) -> String {
        switch code {
        case .cardServiceMissing: "aCardServiceThatIsNotInstalledIsNamedWithItsPackage"
        case .cardServiceStopped: "aCardServiceThatDoesNotRunIsToldWithItsCommand"
        case .cardServiceDenies: "aRefusalIsTold"
        case .cardServiceUnseen: "aServiceThatIsRefusedCountsThoughWeAreNot"
        case .noReader, .noCard: "noReaderAndThenNoCard"
        case .cardMute: "aCardThatDoesNotAnswer"
        case .cardHeld: "aCardThatAnotherProgramHolds"
        case .noDriver: "noDriverAtAll"
        case .driverMissing: "aDriverThatIsNotThere"
        case .driverOfWrongClass: "aDriverFor32Bit"
        case .driverLacksLibrary: "aDriverThatLacksALibrary"
        case .driverRefused: "aFileThatIsNoDriverDoesNotHideTheNext"
        case .driverCrashed, .driverSilent: "aDriverThatDoesNotComeBack"
        case .driverFailed: "aDriverThatFailsAtTheCard"
        case .cardUnknown: "aCardThatNoDriverKnows"
        case .noCertificate: "noQualifiedCertificate"
        case .certificateExpired, .certificateEarly: "aCertificateOutsideItsTime"
        case .pinLocked, .pinFinalTry: "aPINThatWasEnteredWrongly"
        case .pinCountLow: "aWrongPINThatTheServiceRemembers"
        case .noPinentry, .noDisplay, .promptFailed: "noDisplayNoPinentryAndAPinentryThatFails"
        case .terminalOnly: "withoutADisplayATerminalIsLeft"
        case .noNotifications, .notificationsOff: "noNotificationServerAndOneThatHangs"
        case .noButtons: "aNotificationServerWithoutButtons"
        case .clockSynchronised, .clockUnsynchronised: "theClockIsWhatTheKernelSays"
        case .configurationLine: "eachBadLineIsNamed"
        case .recordUnwritable, .recordReadOnly, .recordFull, .recordOpen: "aRecordThatCannotBeKept"
        case .recordWithoutLocks: "aFileSystemWithoutLocks"
        case .recordUnkept: "aRecordThatAnotherServiceKeeps"
        case .serviceStartable, .noBus, .noActivation, .noAutostart: "activationAutostartAndNoBus"
        case .serviceSilent: "aServiceThatHangs"
        case .noUnit: "aMissingUnitIsSeenWhereSystemdRuns"
        case .noPortal, .portalUnreachable, .portalForeign: "aPortalThatIsNotThereOrIsNone"
        case .portalSilent: "aPortalThatHangs"
        case .portalTLS: "aPortalWhoseCertificateIsNotTrusted"
        case .clockOff: "aClockThatIsOff"
        case .noResponder: "noResponderIsNamed"
        case .responderUnreachable: "aResponderThatDoesNotAnswer"
        case .cardServiceRuns, .readerFound, .cardIn, .driverReads, .certificateGood, .promptWorks,
            .notificationsShown, .configurationGood, .recordGood, .serviceRuns, .portalReached, .responderReached:
            "allIsWell"
        }
    }

    private static let green: [FindingCode] = [
        .cardServiceRuns, .readerFound, .cardIn, .driverReads, .certificateGood, .promptWorks, .notificationsShown,
        .clockSynchronised, .configurationGood, .recordGood, .serviceRuns, .portalReached, .responderReached,
    ]

    /// Each test, from its attribute to its end, by its name.
    private static let tests: [String: String] = {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        var found: [String: String] = [:]
        for file in [
            "CommandLineClientTests/DoctorTests", "IntegrationTests/DoctorCardTests",
            "IntegrationTests/DoctorDesktopTests",
        ] {
            let text = (try? String(contentsOf: folder.appending(path: file + ".swift"), encoding: .utf8)) ?? ""
            for part in text.split(separator: "    @Test").dropFirst() {
                guard let name = part.firstMatch(of: /func (\w+)\(/)?.1 else { continue }
                found[String(name)] = String(
                    part.prefix(upTo: part.firstRange(of: "\n    }\n")?.lowerBound ?? part.endIndex))
            }
        }
        return found
    }()

    @Test(arguments: FindingCode.allCases)
    func eachCodeIsProducedInATest(_ code: FindingCode) throws {
        let name = Self.test(of: code)
        let test = try #require(Self.tests[name], "there is no test \(name)")
        let word = code.rawValue.dropFirst(code.topic.rawValue.count + 1)
        #expect(test.contains(word), "\(name) does not look for \(code.rawValue)")
    }

    @Test func eachTopicIsOnceFineAndOnceNot() {
        #expect(Self.green.map(\.topic) == Topic.allCases)
        for topic in Topic.allCases {
            #expect(FindingCode.allCases.contains { $0.topic == topic && !Self.green.contains($0) })
        }
    }
}
