// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Signatures

struct DERTests {
    @Test func objectIdentifiersAreWrittenInDottedDecimal() throws {
        #expect(ObjectIdentifier.nesStatement.description == "2.16.792.1.61.0.1.5070.1.1")
        #expect(ObjectIdentifier.commonName.description == "2.5.4.3")
    }
}
