// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Testing

/// The address that any web page can have opened.
@Suite(.timeLimit(.minutes(1)))
struct SignLinkTests {
    private typealias Reason = InvalidSignLink.Reason
    private static let code = "638856212993845"
    private static let good = "eonay://sign?code=\(code)&portal=https://portal.example.org"

    private func reason(_ address: String) -> Reason? {
        do throws(InvalidSignLink) {
            _ = try SignLink(address)
            return nil
        } catch {
            return error.reason
        }
    }

    @Test(arguments: [
        (good, "https://portal.example.org"),
        ("eonay://sign?code=\(code)&portal=https%3A%2F%2Fportal.example.org", "https://portal.example.org"),
        ("eonay://sign?code=\(code)&portal=https%3a%2f%2fportal.example.org%3a8443", "https://portal.example.org:8443"),
        ("eonay://sign?portal=http://127.0.0.1:8080&code=\(code)", "http://127.0.0.1:8080"),
        ("eonay://sign?code=\(code)&portal=http%3A%2F%2F%5B%3A%3A1%5D%3A8080", "http://[::1]:8080"),
        ("EONAY://SIGN?code=\(code)&portal=https://portal.example.org", "https://portal.example.org"),
    ])
    func anAddressOfAPortalsPageIsRead(address: String, portal: String) throws {
        let link = try SignLink(address)
        #expect(link.code.digits == Self.code)
        #expect(link.portal.text == portal)
    }

    /// One case for each trick; the table is what a browser, a mail or another program could hand over.
    private static let refused: [(String, Reason)] = [
        // Not ours.
        ("", .scheme), ("-", .scheme), ("--help", .scheme), ("-c", .scheme), ("https://sign?code=\(code)", .scheme),
        ("eonayx://sign?code=\(code)&portal=https://a.example", .scheme), ("file:///etc/passwd", .scheme),
        ("javascript:alert(1)", .scheme), ("eonay", .scheme), ("EONAY-SIGN:", .scheme),
        // Another form.
        ("eonay:", .form), ("eonay:sign?code=\(code)&portal=https://a.example", .form),
        ("eonay:/sign?code=\(code)&portal=https://a.example", .form),
        ("eonay:///sign?code=\(code)&portal=https://a.example", .form), ("eonay://sign", .form),
        ("eonay://sign/?code=\(code)&portal=https://a.example", .form),
        ("eonay://sign/x?code=\(code)&portal=https://a.example", .form),
        ("eonay://sign:1?code=\(code)&portal=https://a.example", .form),
        ("eonay://user@sign?code=\(code)&portal=https://a.example", .form),
        ("eonay://approve?code=\(code)&portal=https://a.example", .form),
        ("eonay://sig%6E?code=\(code)&portal=https://a.example", .form),
        ("\(good)#x", .form), ("\(good)#", .form), ("\(good)?", .form), ("\(good)?code=\(code)", .form),
        ("eonay://sign?code=\(code)&portal=https://user@a.example", .form),
        ("eonay://sign?code=\(code)&portal=https:\\\\a.example", .form),
        // Other parameters, or the two otherwise.
        ("eonay://sign?", .parameter), ("eonay://sign?&", .parameter), ("eonay://sign?code=\(code)", .parameter),
        ("eonay://sign?portal=https://a.example", .parameter), ("\(good)&", .parameter), ("&\(good)", .scheme),
        ("\(good)&pin=1234", .parameter), ("\(good)&decision=accept", .parameter), ("\(good)&--final-try", .parameter),
        ("\(good)&certificate=0011223344", .parameter), ("\(good);code=1", .portal),
        ("eonay://sign?Code=\(code)&portal=https://a.example", .parameter),
        ("eonay://sign?c%6Fde=\(code)&portal=https://a.example", .parameter),
        ("eonay://sign?code&portal=https://a.example", .parameter),
        ("eonay://sign?code%3D\(code)&portal=https://a.example", .parameter),
        ("eonay://sign?=\(code)&code=\(code)&portal=https://a.example", .parameter),
        ("\(good)&code=\(code)", .repetition), ("\(good)&portal=https://portal.example.org", .repetition),
        ("eonay://sign?code=\(code)&code=000000000000000&portal=https://a.example", .repetition),
        // Codes.
        ("eonay://sign?code=&portal=https://a.example", .code),
        ("eonay://sign?code=63885621299384&portal=https://a.example", .code),
        ("eonay://sign?code=6388562129938450&portal=https://a.example", .code),
        ("eonay://sign?code=-38856212993845&portal=https://a.example", .code),
        ("eonay://sign?code=63885-62129-93845&portal=https://a.example", .code),
        ("eonay://sign?code=63885+62129+93845&portal=https://a.example", .code),
        ("eonay://sign?code=%3638856212993845&portal=https://a.example", .code),
        ("eonay://sign?code=638856212993845%00&portal=https://a.example", .code),
        ("eonay://sign?code=638856212993845=&portal=https://a.example", .code),
        ("eonay://sign?code=0x8856212993845&portal=https://a.example", .code),
        // Escapes.
        ("eonay://sign?code=\(code)&portal=https%253A//a.example", .escape),
        ("eonay://sign?code=\(code)&portal=https://a.example%00", .escape),
        ("eonay://sign?code=\(code)&portal=https://a.example%0A", .escape),
        ("eonay://sign?code=\(code)&portal=https://a.example%23x", .escape),
        ("eonay://sign?code=\(code)&portal=https://a%2Eexample", .escape),
        ("eonay://sign?code=\(code)&portal=https://a.example%26code=1", .escape),
        ("eonay://sign?code=\(code)&portal=%68ttps://a.example", .escape),
        ("eonay://sign?code=\(code)&portal=https://a.example%", .escape),
        ("eonay://sign?code=\(code)&portal=https://a.example%3", .escape),
        ("eonay://sign?code=\(code)&portal=https://a.example%u003A", .escape),
        // Portals.
        ("eonay://sign?code=\(code)&portal=", .portal), ("eonay://sign?code=\(code)&portal=a.example", .portal),
        ("eonay://sign?code=\(code)&portal=-portal", .portal),
        ("eonay://sign?code=\(code)&portal=http://a.example", .portal),
        ("eonay://sign?code=\(code)&portal=ftp://a.example", .portal),
        ("eonay://sign?code=\(code)&portal=https://a.example/", .portal),
        ("eonay://sign?code=\(code)&portal=https://a.example%2F", .portal),
        ("eonay://sign?code=\(code)&portal=https://a.example/path", .portal),
        ("eonay://sign?code=\(code)&portal=https://a.example:443", .portal),
        ("eonay://sign?code=\(code)&portal=https://A.example", .portal),
        ("eonay://sign?code=\(code)&portal=HTTPS://a.example", .portal),
        ("eonay://sign?code=\(code)&portal=https://a.example:0", .portal),
        ("eonay://sign?code=\(code)&portal=https://a.example:99999", .portal),
        ("eonay://sign?code=\(code)&portal=https://a..example", .portal),
        ("eonay://sign?code=\(code)&portal=https://-a.example", .portal),
        ("eonay://sign?code=\(code)&portal=https://a.example,https://b.example", .portal),
        ("eonay://sign?code=\(code)&portal=https://a.example=https://b.example", .portal),
        // Characters.
        (" \(good)", .character), ("\(good) ", .character), ("\(good)\n", .character), ("\(good)\0", .character),
        ("\(good)\u{7F}", .character), ("eonay://sign?code=\(code)&portal=https://pörtal.example", .character),
        ("eonay://sign?code=٦٣٨٨٥٦٢١٢٩٩٣٨٤٥&portal=https://a.example", .character),
        ("\u{202E}\(good)", .character), ("eonay://sign?code=\(code)&\tportal=https://a.example", .character),
    ]

    @Test(arguments: refused.map(\.0))
    func allElseIsRefusedByItsWord(address: String) {
        #expect(reason(address) == Self.refused.first { $0.0 == address }?.1)
    }

    @Test func aLongAddressIsNotLookedAt() {
        let long = Self.good + String(repeating: "a", count: SignLink.longest - Self.good.utf8.count)
        #expect(reason(long) == .portal)
        #expect(reason(long + "a") == .length)
        #expect(reason(String(repeating: "eonay://sign?", count: 100_000)) == .length)
    }

    /// Each octet at each place: what is read is one of the few addresses that mean the same, or nothing.
    @Test func noOctetChangesWhatIsMeant() throws {
        let meant = try SignLink(Self.good)
        let octets = Array(Self.good.utf8)
        let query = "eonay://sign?".utf8.count
        for place in octets.indices {
            for octet in UInt8(0)...127 where octet != octets[place] {
                var changed = octets
                changed[place] = octet
                guard let link = try? SignLink(String(decoding: changed, as: UTF8.self)) else { continue }
                // Before the query the case alone; in it another digit or another letter of the portal's name.
                if place < query { #expect(link == meant) } else { #expect(link != meant) }
                #expect(link.code.digits.utf8.count == 15 && link.portal.isSecure)
            }
        }
    }

    @Test func aPartOfAnAddressIsNone() {
        for length in 0..<Self.good.utf8.count {
            let part = String(Self.good.prefix(length))
            guard let link = try? SignLink(part) else { continue }
            // A name cut short is a name; the caller finds out that it is no configured portal's.
            #expect(link.portal.text != "https://portal.example.org")
        }
    }

    @Test func neitherTheLinkNorItsErrorShowsTheCode() throws {
        #expect(!"\(try SignLink(Self.good))".contains(Self.code))
        #expect(!"\(InvalidSignLink(.code))".contains("638"))
    }
}
