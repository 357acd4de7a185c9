// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Glibc

/// What `approve` and `sign` have in common: from the choices to the printed end.
enum Approving {
    static func run(_ kind: ApprovalOrder.Kind, _ choices: ApprovalChoices, _ console: Console) throws {
        try choices.check(of: kind.command)
        let identity = choices.identity ? try IdentityPrompt.read(console.texts).digits : nil
        let way = try PINWay(choices)
        let order = ApprovalOrder(kind, choices, identity: identity, way: way)
        // Last of all, and however this ends: the job may have been killed with the echo off.
        defer { way.loan?.restore() }
        try Program.run { (program: Program) in
            let sharesTerminal = way.loan != nil
            let watch = try ApprovalWatch(program, sharesTerminal: sharesTerminal)
            let service = try await ServiceClient(on: program.loop)
            let progress = ProgressLine(console, sharesTerminal: sharesTerminal)
            let approval = try await ApprovalSession(order, service, watch, progress).run()
            way.loan?.restore()
            try ApprovalResult(approval: approval).tell(console)
        }
    }
}
