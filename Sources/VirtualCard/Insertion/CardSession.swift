// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import SystemBasics

/// A card from the inside: turns the reader's messages into answers, and misbehaves as it was told.
struct CardSession {
    /// The action on a message.
    enum Outcome: Equatable {
        case nothing
        case answer([UInt8])
        case signature([UInt8])
        case pullOut
    }

    private var application: any CardApplication
    private var transport = ISOTransport()
    private let answerToReset: AnswerToReset
    private let tell: @Sendable (CardEvent) -> Void

    private var apdus = 0
    private var apdusUntilRemoval: Int?
    private var isRemovedInSignature = false
    private var signatureDelay = 0
    private var isMute = false

    private var waiting: CommandAPDU?
    /// When the signature that is being made is to be answered.
    private(set) var due: Deadline?

    /// vpcd's controls: messages of one byte.
    private enum Control {
        static let powerOff: UInt8 = 0
        static let powerOn: UInt8 = 1
        static let reset: UInt8 = 2
        static let answerToReset: UInt8 = 4
    }

    init(
        _ application: any CardApplication, answerToReset: AnswerToReset, tell: @escaping @Sendable (CardEvent) -> Void
    ) {
        self.application = application
        self.answerToReset = answerToReset
        self.tell = tell
    }

    mutating func set(_ command: CardCommand) {
        switch command {
        case .removeAt(let number): apdusUntilRemoval = number
        case .removeInSignature: isRemovedInSignature = true
        case .keepIn: (apdusUntilRemoval, isRemovedInSignature) = (nil, false)
        case .signatureDelay(let milliseconds): signatureDelay = milliseconds
        case .triesLeft(let count): application.pin?.setTriesLeft(count)
        case .mute(let isMute): self.isMute = isMute
        case .insert, .remove: break
        }
    }

    /// The card has come into a reader.
    mutating func begin() { apdus = 0 }

    mutating func lostPower() {
        application.reset()
        transport.reset()
        (waiting, due) = (nil, nil)
    }

    mutating func take(_ message: [UInt8]) -> Outcome {
        if message.count == 1 { return control(message[0]) }
        apdus += 1
        tell(.apdu(apdus))
        if let left = apdusUntilRemoval {
            apdusUntilRemoval = left > 1 ? left - 1 : nil
            if left <= 1 { return .pullOut }
        }
        switch transport.take(message) {
        case .answer(let response): return .answer(response.bytes)
        case .ask(let command) where application.isSignature(command): return startSignature(command)
        case .ask(let command): return .answer(answer(command).bytes)
        }
    }

    private mutating func control(_ control: UInt8) -> Outcome {
        switch control {
        case Control.answerToReset: return .answer((isMute ? .mute : answerToReset).bytes)
        case Control.powerOn, Control.reset, Control.powerOff:
            lostPower()
            tell(control == Control.powerOn ? .powered : control == Control.reset ? .reset : .unpowered)
            return .nothing
        default: return .nothing
        }
    }

    private mutating func startSignature(_ command: CommandAPDU) -> Outcome {
        tell(.signing)
        if isRemovedInSignature {
            isRemovedInSignature = false
            return .pullOut
        }
        waiting = command
        if signatureDelay == 0 { return finishSignature() }
        due = Deadline(after: .milliseconds(signatureDelay))
        return .nothing
    }

    /// Makes the signature that `due` was set for.
    mutating func finishSignature() -> Outcome {
        guard let command = waiting else { return .nothing }
        (waiting, due) = (nil, nil)
        let response = answer(command)
        let isMade = response.status != .pinNotVerified && !response.data.isEmpty
        return isMade ? .signature(response.bytes) : .answer(response.bytes)
    }

    private mutating func answer(_ command: CommandAPDU) -> Response {
        let response = application.answer(command)
        switch command.ins {
        case 0x20 where !command.data.isEmpty: tellOfPIN(response.status)
        case 0x24 where response.status == .ok: tell(.pinSet)
        // A new PIN that it does not take costs no try.
        case 0x24 where response.status != .wrongData: tellOfPIN(response.status)
        case 0x2C: tellOfPUK(response.status)
        default: break
        }
        return transport.deliver(response, expected: command.expected)
    }

    private func tellOfPUK(_ status: StatusWord) {
        switch status {
        case .ok: tell(.pinSet)
        case .pinLocked: tell(.pukLocked)
        case .wrongPIN(triesLeft: application.puk?.triesLeft ?? 0):
            tell(.pukWrong(triesLeft: application.puk?.triesLeft ?? 0))
        default: break
        }
    }

    private func tellOfPIN(_ status: StatusWord) {
        switch status {
        case .ok: tell(.pinRight)
        case .pinLocked: tell(.pinLocked)
        default: tell(.pinWrong(triesLeft: application.pin?.triesLeft ?? 0))
        }
    }
}
