// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import PortalContract

extension PortalService {
    /// What an address may do in a window of time, and, of IPv6, the /48 around it: a customer who is given one has
    /// 65,536 networks to come from.
    ///
    /// - Parameters:
    ///   - use: what is counted.
    ///   - address: as `ClientAddress.counted` gives it.
    ///   - subject: whom it is counted for apart; nil for everybody together.
    func allowances(_ use: String, atMost count: Int, from address: String, for subject: String? = nil) -> [Allowance] {
        func allowance(_ place: String, _ count: Int) -> Allowance {
            let bucket = subject.map { keys.bucket(use, place, $0) } ?? keys.bucket(use, place)
            return Allowance(bucket: bucket, count: count, window: rules.limits.window)
        }
        let network = ClientAddress.network(of: address).map { allowance($0, ClientAddress.networkBudget(count)) }
        return [allowance(address, count)] + (network.map { [$0] } ?? [])
    }

    /// Questions that hit nothing, for one kind of secret.
    func guesses(_ use: String, from address: String) -> [Allowance] {
        allowances(use, atMost: rules.limits.unknownCodes, from: address)
    }
}
