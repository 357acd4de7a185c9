// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import BusContract
import EOnayCore
import Testing

@Suite(.timeLimit(.minutes(1)))
struct ContractNamesTests {
    @Test func pathsAreThoseOfTheContract() throws {
        #expect(Contract.tokenPath(7).text == "/org/eonay/EOnay1/token/7")
        #expect(try Contract.certificatePath("0a1b").text == "/org/eonay/EOnay1/certificate/0a1b")
        #expect(try Contract.approvalPath(handleToken: "my_token").text == "/org/eonay/EOnay1/approval/c_my_token")
        #expect(Contract.approvalPath(number: 3).text == "/org/eonay/EOnay1/approval/n_3")
    }

    @Test func whatCannotBeInAPathIsRefused() {
        for name in ["", "a-b", "a/", "ş", "a\0b"] {
            #expect(throws: BusError(name: BusError.invalidArgs, message: "")) {
                try ObjectPath("\(Contract.root)/approval/\(name)/x")
            }
        }
    }

    @Test func anErrorIsFoundByItsShortAndItsFullName() {
        #expect(ErrorName(rawValue: "TokenBusy") == .tokenBusy)
        #expect(ErrorName.pinLocked.busName == "org.eonay.EOnay1.Error.PinLocked")
        #expect(ReportedError(ErrorName.codeUsed.busError("used")) == .known(.codeUsed))
        #expect(ReportedError("CodeUsed") == .known(.codeUsed) && ReportedError("") == nil)
        #expect(ReportedError(BusError(name: BusError.noReply, message: "")) == nil)
    }

    @Test func anErrorOfALaterVersionKeepsItsName() {
        let later = ReportedError(ErrorName.busPrefix + "MoonTooBright")
        #expect(later == .unknown("MoonTooBright") && later?.name == "MoonTooBright")
    }
}
