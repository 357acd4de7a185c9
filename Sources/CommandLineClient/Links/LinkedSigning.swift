// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import BusContract
import EOnayCore
import Synchronization

/// From a page's address to the page that goes on.
enum LinkedSigning {
    /// Gives the approval at its end, however it ended: the service has told that on the desktop. Throws `Failure` where none came
    /// to be, or none came back: of that nobody has told yet.
    static func run(_ link: SignLink, _ console: Console) throws -> ApprovalObject {
        let ended = Mutex<ApprovalObject?>(nil)
        try Program.run { (program: Program) in
            let watch = try ApprovalWatch(program, sharesTerminal: false)
            let service = try await ServiceClient(on: program.loop)
            // The service refuses it, too; here it is told before anything is begun.
            guard try await service.watcher().portals.contains(link.portal.text) else {
                throw Failure(.linkPortal)
            }
            let progress = ProgressLine(console, sharesTerminal: false)
            let approval: ApprovalObject
            do {
                approval = try await ApprovalSession(ApprovalOrder(link), service, watch, progress).run()
            } catch let failure as Failure where failure == Failure(.ambiguousCertificate) {
                throw Failure(.linkAmbiguous)
            }
            if let page = continuation(of: approval, from: link) { _ = Browser.open(page) }
            ended.withLock { $0 = approval }
        }
        guard let approval = ended.withLock({ $0 }) else { throw Failure(.serviceLost) }
        return approval
    }

    /// The page that takes the number, of the session that asked for the code: with nobody else's cookie does it open anything
    /// (contract/portal.md, "Who may go on"). Nil where nothing was signed, or no number was given: a consent needs none.
    static func continuation(of approval: ApprovalObject, from link: SignLink) -> String? {
        let number = approval.confirmationNumber
        guard approval.result == "signed", number.utf8.count == 6,
            number.utf8.allSatisfy({ (0x30...0x39).contains($0) }), approval.portal == link.portal.text
        else { return nil }
        return "\(link.portal.text)/continue#\(number)"
    }
}
