// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import BusContract
import EOnayCore
import Glibc
import JobFrames
import Testing

@testable import DesktopService

/// The values by which approvals know their callers: who asked, who has to wait, and which approval a handle-token names.
@Suite(.timeLimit(.minutes(1)))
struct CallerTests {
    private let now = ContinuousClock.now

    // MARK: - Requesters

    @Test func aRequesterIsKnownByItsProgramBeyondItsConnection() {
        let first = Requester(connection: ":1.1", process: getpid())
        let second = Requester(connection: ":1.2", process: getpid())
        #expect(first.name.hasSuffix(" (\(getpid()))") && first.name == second.name)
        #expect(!first.marks.isDisjoint(with: second.marks))
        let stranger = Requester(connection: ":1.3", process: nil)
        #expect(stranger.name.isEmpty && stranger.marks.isDisjoint(with: first.marks))
        #expect(stranger == Requester(connection: ":1.3"))
    }

    @Test func allPagesAreOneRequester() {
        let first = Requester(connection: ":1.1", isPage: true)
        let second = Requester(connection: ":1.2", process: nil, isPage: true)
        #expect(first.marks.intersection(second.marks) == ["a page"])
    }

    @Test func programsThatHaveEndedAreOneRequester() {
        // No process has this number: the kernel's greatest is 2^22.
        let gone = (1...2).map { Requester(connection: ":1.\($0)", process: 1 << 23) }
        #expect(gone[0].name == "(\(1 << 23))" && !gone[0].marks.isDisjoint(with: gone[1].marks))
    }

    // MARK: - Prompts that are put off

    @Test func eachClosedPromptDoublesTheWait() {
        var deferral = PromptDeferral()
        let requester = Requester(connection: ":1.1")
        #expect(deferral.isEmpty && deferral.secondsLeft(for: requester, at: now) == nil)
        for seconds: Int64 in [1, 2, 4, 8, 16, 32, 60, 60] {
            deferral.promptClosed(of: requester, at: now)
            #expect(deferral.secondsLeft(for: requester, at: now) == seconds)
            #expect(deferral.secondsLeft(for: requester, at: now + .milliseconds(500)) == seconds)
            #expect(deferral.secondsLeft(for: requester, at: now + .seconds(seconds)) == nil)
        }
        deferral.pinTaken(for: requester)
        #expect(deferral.isEmpty)
    }

    @Test func afterTenQuietMinutesAProgramBeginsAnew() {
        var deferral = PromptDeferral()
        let requester = Requester(connection: ":1.1")
        deferral.promptClosed(of: requester, at: now)
        deferral.promptClosed(of: requester, at: now + .seconds(602))
        #expect(deferral.secondsLeft(for: requester, at: now + .seconds(602)) == 1)
    }

    @Test func anotherMarkOfTheSameRequesterWaitsToo() {
        var deferral = PromptDeferral()
        deferral.promptClosed(of: Requester(connection: ":1.1", isPage: true), at: now)
        #expect(deferral.secondsLeft(for: Requester(connection: ":1.2", isPage: true), at: now) == 1)
        #expect(deferral.secondsLeft(for: Requester(connection: ":1.2"), at: now) == nil)
    }

    @Test func noMoreMarksAreKeptThanTheLimit() {
        var deferral = PromptDeferral()
        for index in 0...PromptDeferral.most {
            deferral.promptClosed(of: Requester(connection: "\(index)"), at: now + .milliseconds(index))
        }
        // The wait that ended first has gone.
        #expect(deferral.secondsLeft(for: Requester(connection: "0"), at: now) == nil)
        #expect(deferral.secondsLeft(for: Requester(connection: "1"), at: now) != nil)
    }

    // MARK: - Handle-tokens

    @Test func aHandleTokenNamesItsApprovalUntilADayAfterItsEnd() {
        var tokens = HandleTokens()
        #expect(tokens.number(of: "mine", at: 0) == nil)
        tokens.begin("mine", number: 7)
        #expect(tokens.number(of: "mine", at: .max) == 7)
        // An approval that it does not name any more changes nothing.
        tokens.end("mine", number: 6, at: 1000)
        #expect(tokens.number(of: "mine", at: .max) == 7)
        tokens.end("mine", number: 7, at: 1000)
        #expect(tokens.number(of: "mine", at: 1000 + 86_399) == 7)
        #expect(tokens.number(of: "mine", at: 1000 + 86_400) == nil)
        // Nor does a clock that was ahead keep it for longer.
        #expect(tokens.number(of: "mine", at: 1000 - 86_400) == nil)
        tokens.prune(at: 1000 + 86_400)
        #expect(tokens.number(of: "mine", at: 1000) == nil)
    }

    @Test func theOldestEndsAreForgottenFirst() {
        var tokens = HandleTokens(["recalled": 1], at: 500)
        for number in 0..<HandleTokens.most {
            tokens.begin("token\(number)", number: Int64(number))
            tokens.end("token\(number)", number: Int64(number), at: 1000 + Int64(number))
        }
        tokens.prune(at: 1000)
        #expect(tokens.number(of: "recalled", at: 1000) == nil && tokens.number(of: "token0", at: 1000) == 0)
    }

    // MARK: - Repeated calls

    @Test func aFingerprintTellsCallsApart() {
        var options = ApprovalOptions()
        func fingerprint(_ what: String = "accept") -> [UInt8] {
            ApprovalFingerprint.of(.approve, certificate: "a", what: what, options: options)
        }
        let first = fingerprint()
        #expect(first.count == 16 && fingerprint() == first && fingerprint("decline") != first)
        // Where one text ends and the next one begins counts.
        #expect(ApprovalFingerprint.of(.approve, certificate: "aa", what: "ccept", options: options) != first)
        options.wait = 1
        #expect(fingerprint() != first)
    }

    @Test func aDescriptorGoesBeforeATerminalAndThatBeforeAWindow() {
        var options = ApprovalOptions()
        #expect(options.asksPerson && options.prompt(pinentry: "/pinentry") == .pinentry(path: "/pinentry"))
        options.terminal = FileDescriptorHandle(duplicating: 2)
        #expect(options.prompt(pinentry: nil) == .terminal)
        options.pin = options.terminal
        #expect(!options.asksPerson && options.prompt(pinentry: nil) == .descriptor)
        options.pin = nil
        options.isInteractive = false
        #expect(!options.asksPerson && options.prompt(pinentry: nil) == .none)
    }
}
