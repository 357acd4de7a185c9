// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import BusContract
import EOnayCore
import EventLoops
import Glibc
import Synchronization
import SystemBasics
import Texts

/// From a page's address to the page that goes on.
enum LinkedSigning {
    /// Gives the approval at its end, however it ended: the service has shown that on the desktop. Throws `Failure` where there was no
    /// approval, or its end is not known: the desktop does not show that yet.
    static func run(_ link: SignLink, _ console: Console) throws -> ServiceApproval {
        let ended = Mutex<ServiceApproval?>(nil)
        try Program.run { (program: Program) in
            let session = try await ApprovalSession(ApprovalOrder(link), program, console)
            // The service refuses an unknown portal, too; here that comes before anything is begun.
            guard try await session.service.watcher().portals.contains(link.portal.text) else {
                throw Failure(.linkPortal)
            }
            let approval: ServiceApproval
            do {
                approval = try await session.run()
            } catch let failure as Failure where failure == Failure(.ambiguousCertificate) {
                throw Failure(.linkAmbiguous)
            }
            if let page = continuation(of: approval, from: link) { Browser.open(page) }
            ended.withLock { $0 = approval }
        }
        guard let approval = ended.withLock({ $0 }) else { throw Failure(.serviceLost) }
        return approval
    }

    /// The page that reads the number and confirms the session that asked for the code: with no other cookie does it open anything
    /// (contract/portal.md, "Who may go on"). Nil where nothing was signed, or no number was given: a consent needs none.
    static func continuation(of approval: ServiceApproval, from link: SignLink) -> String? {
        let number = approval.confirmationNumber
        guard approval.result == "signed", number.utf8.count == 6,
            number.utf8.allSatisfy({ (0x30...0x39).contains($0) }), approval.portal == link.portal.text
        else { return nil }
        return "\(link.portal.text)/continue#\(number)"
    }
}

/// A message on the desktop, for a person who clicked and has no terminal to look at.
enum DesktopMessage {
    /// Shows a failure, if the desktop shows notifications.
    static func show(_ failure: Failure, _ console: Console) {
        let text = failure.explained(console.texts)
        try? Program.run { (loop: EventLoop) in
            let bus = Connection(on: loop)
            try await bus.open(.session)
            try await show("\(text.what)\n\(text.remedy)", bus)
        }
    }

    /// Asks for the card that is to sign, before there is an approval that could.
    static func askForCard(_ texts: Texts, _ bus: Connection) async {
        try? await show(texts.text("Put in the card that you want to sign with."), bus)
    }

    private static func show(_ text: String, _ bus: Connection) async throws {
        _ = try await bus.call(
            "org.freedesktop.Notifications", "/org/freedesktop/Notifications", "org.freedesktop.Notifications",
            "Notify",
            [
                .string("E-Onay"), .uint32(0), .string("org.eonay.EOnay1"), .string("E-Onay"), .string(text),
                .array(of: "s", []), .options([:]), .int32(-1),
            ])
    }
}

/// The person's browser.
enum Browser {
    /// Opens a page in it, detached: it outlives this program and writes nothing to its terminal.
    static func open(_ page: String) {
        guard let program = Files.program("xdg-open"), let null = try? Files.open("/dev/null", O_RDWR | O_CLOEXEC)
        else {
            return
        }
        let start = ProcessStart(
            program, [page], descriptors: [0: null.number, 1: null.number, 2: null.number], group: .session)
        if let started = try? start() { close(started.descriptor) }
    }
}
