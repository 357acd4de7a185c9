// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Portal

@Suite(.timeLimit(.minutes(1))) struct AddressTests {
    @Test(arguments: [
        ("127.0.0.1", "::ffff:127.0.0.1"), ("2001:DB8::1", "2001:db8:0:0:0:0:0:1"), ("::FFFF:c000:201", "192.0.2.1"),
    ])
    func twoSpellingsAreOneAddress(_ one: String, _ other: String) throws {
        #expect(try #require(NetworkAddress(one)) == #require(NetworkAddress(other)))
        #expect(ClientAddress(proxies: [try #require(NetworkAddress(one))]).isProxy(other))
        #expect(ClientAddress.counted(one) == ClientAddress.counted(other))
    }

    @Test(arguments: ["", "localhost", "127.1", "1.2.3.4:5", "[::1]", "fe80::1%eth0", "10.0.0.0/8", "::ffff:1.2.3"])
    func whatIsNoAddressIsNoProxys(_ text: String) {
        #expect(NetworkAddress(text) == nil)
        #expect(!ClientAddress(proxies: []).isProxy(text))
    }

    @Test func loopbackIsThisMachine() {
        for text in ["127.0.0.1", "127.255.255.254", "::1", "::ffff:127.0.0.1"] {
            #expect(NetworkAddress(text)?.isLoopback == true)
        }
        for text in ["128.0.0.1", "126.255.255.255", "::", "::2", "::ffff:128.0.0.1", "::127.0.0.1"] {
            #expect(NetworkAddress(text)?.isLoopback == false)
        }
    }

    @Test func aHouseholdCountsOnceAndIsInsideOneNetwork() {
        let (one, other) = ("2001:db8:1:2::7", "2001:db8:1:2:ffff::1")
        #expect(ClientAddress.counted(one) == ClientAddress.counted(other))
        #expect(ClientAddress.counted("2001:db8:1:3::7") != ClientAddress.counted(one))
        #expect(ClientAddress.network(of: one) == ClientAddress.network(of: "2001:db8:1:ffff::"))
        #expect(ClientAddress.network(of: one) == "20:1:d:b8:0:1/48")
        #expect(ClientAddress.network(of: ClientAddress.counted(one)) == "20:1:d:b8:0:1/48")
        #expect(ClientAddress.network(of: "192.0.2.1") == nil)
        #expect(ClientAddress.network(of: "::ffff:192.0.2.1") == nil)
        #expect(ClientAddress.network(of: "unknown") == nil)
    }

    @Test func connectionsAreCountedUntilTheyAreClosed() {
        let counts = AddressCounts()
        func enter(_ place: String) -> Bool { counts.enter([(name: place, limit: 2)]) }
        #expect(enter("a") && enter("a"))
        #expect(!enter("a") && enter("b"))
        // All or nothing: the full place keeps the other one as it is.
        #expect(!counts.enter([(name: "b", limit: 2), (name: "a", limit: 2)]))
        counts.leave(["a"])
        #expect(enter("a") && !enter("a"))
        #expect(enter("b") && !enter("b"))
    }
}
