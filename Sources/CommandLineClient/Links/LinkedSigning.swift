// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import BusContract
import EOnayCore

/// From a page's address to the page that goes on.
enum LinkedSigning {
    /// Throws `PortalNotConfigured` for a portal that this computer's configuration does not name, and how the approval failed.
    static func run(_ link: SignLink, _ console: Console) throws {
        try Program.run { (program: Program) in
            let watch = try ApprovalWatch(program, sharesTerminal: false)
            let service = try await ServiceClient(on: program.loop)
            // The service refuses it, too; here it is told before anything is begun.
            guard try await service.watcher().portals.contains(link.portal.text) else {
                throw Failure(.portalNotConfigured)
            }
            let progress = ProgressLine(console, sharesTerminal: false)
            let approval = try await ApprovalSession(ApprovalOrder(link), service, watch, progress).run()
            if let page = continuation(of: approval, from: link) { _ = Browser.open(page) }
            try ApprovalResult(approval: approval).tell(console)
        }
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
