// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import EOnayCore

@Suite(.timeLimit(.minutes(1)))
struct OriginTests {
    @Test(arguments: [
        ("https://portal.example.org", "https://portal.example.org", 443),
        ("HTTPS://Portal.Example.ORG/", "https://portal.example.org", 443),
        ("https://portal.example.org:443", "https://portal.example.org", 443),
        ("https://portal.example.org:8443/", "https://portal.example.org:8443", 8443),
        ("https://xn--bykada-5ya.example", "https://xn--bykada-5ya.example", 443),
        ("https://192.0.2.7", "https://192.0.2.7", 443),
        ("http://127.0.0.1", "http://127.0.0.1", 80),
        ("http://127.0.0.1:80", "http://127.0.0.1", 80),
        ("http://127.8.9.1:8080", "http://127.8.9.1:8080", 8080),
        ("http://localhost:8080", "http://localhost:8080", 8080),
        ("http://[::1]:8080/", "http://[::1]:8080", 8080),
        ("http://[0:0:0:0:0:0:0:1]", "http://[::1]", 80),
        ("https://[2001:DB8:0:0:1:0:0:1]:443", "https://[2001:db8::1:0:0:1]", 443),
        ("https://[2001:db8:0:1:1:1:1:1]", "https://[2001:db8:0:1:1:1:1:1]", 443),
        ("https://[fe80::]", "https://[fe80::]", 443),
    ])
    func anOriginHasOneSpelling(text: String, spelt: String, port: UInt16) throws {
        let origin = try Origin(text)
        #expect(origin.text == spelt)
        #expect(origin.port == port)
        #expect(try Origin(spelt) == origin)
        #expect(origin.isSecure == spelt.hasPrefix("https"))
    }

    @Test(arguments: [
        ("portal.example.org", InvalidOrigin.Reason.scheme), ("ftp://portal.example.org", .scheme), ("", .scheme),
        ("https:/portal.example.org", .scheme), (" https://portal.example.org", .scheme),
        ("https://", .host), ("https:///", .host), ("https://:443", .host), ("https://a..b", .host),
        ("https://portal.example.org.", .host), ("https://-a.example", .host), ("https://a-.example", .host),
        ("https://büyükada.example", .host), ("https://a_b.example", .host), ("https://a b.example", .host),
        ("https://portal.example.org\n", .host), ("https://\u{212A}amu.example", .host),
        ("https://127.1", .host), ("https://0x7f.0.0.1", .host), ("https://127.0.0.0x1", .host),
        ("https://256.0.0.1", .host), ("https://01.2.3.4", .host), ("https://1", .host),
        ("https://[::1", .host), ("https://[::1]x", .host), ("https://[1:2]", .host), ("https://[1::2::3]", .host),
        ("https://[:::]", .host), ("https://[::12345]", .host), ("https://[::1%25lo]", .host),
        ("https://[::-1]", .host),
        ("https://[1:2:3:4:5:6:7:8:9]", .host), ("https://[1:2:3:4:5:6:7:8::]", .host),
        ("https://a.example:", .port), ("https://a.example:0", .port), ("https://a.example:0443", .port),
        ("https://a.example:65536", .port), ("https://a.example:+80", .port), ("https://a.example:1:2", .port),
        ("https://a.example/x", .extra), ("https://a.example//", .extra), ("https://a.example?x", .extra),
        ("https://a.example#x", .extra), ("https://u@a.example", .extra), ("https://a.example\\@b", .extra),
        ("http://portal.example.org", .insecure), ("http://128.0.0.1", .insecure), ("http://[::2]", .insecure),
        ("http://localhost.example", .insecure), ("http://127.0.0.1.example", .insecure),
    ])
    func whatIsNoOriginSaysWhy(text: String, reason: InvalidOrigin.Reason) {
        #expect(throws: InvalidOrigin(reason: reason)) { try Origin(text) }
    }

    @Test func aHugeTextIsNoOrigin() {
        #expect(throws: InvalidOrigin.self) { try Origin("https://" + String(repeating: "a.", count: 100_000) + "a") }
        #expect(throws: InvalidOrigin.self) { try Origin("https://" + String(repeating: "a", count: 64) + ".example") }
    }
}
