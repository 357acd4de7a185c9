// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Testing

@Suite(.timeLimit(.minutes(1))) struct SessionDisplayTests {
    @Test(arguments: [
        ":0", ":99", ":0.1", "localhost:10.0", "unix:0", "host.example:10.0", "[::1]:10.0", "127.0.0.1:11.0",
    ])
    func aDisplayIsAHostAndNumbers(value: String) {
        var display = SessionDisplay()
        let isTaken = display.set("DISPLAY", to: value)
        #expect(isTaken)
        #expect(display.display == value)
        #expect(!display.isNowhere)
    }

    @Test(arguments: [
        "", ":", "0", ":x", ":0.", ":0.1.2", ":-1", ":123456", " :0", ":0 ", ":0\n", "a b:0", "../x:0", "/tmp/x:0",
        "$(id):0",
        "[::1:0", "[x]:0", ":٠", "h\0:0", "ü:0",
    ])
    func whatIsNoDisplayIsNotTaken(value: String) {
        var display = SessionDisplay()
        let isTaken = display.set("DISPLAY", to: value)
        #expect(!isTaken)
        #expect(display == SessionDisplay())
    }

    @Test func aWaylandSocketIsANameOrAPath() {
        for value in ["wayland-0", "wayland-1.lock", "/run/user/1000/wayland-0"] {
            var display = SessionDisplay()
            let isTaken = display.set("WAYLAND_DISPLAY", to: value)
            #expect(isTaken)
            #expect(display.waylandDisplay == value)
        }
        for value in [
            "", ".", "..", "a/b", "../wayland-0", "way land", "w\n", "/" + String(repeating: "x", count: 107),
        ] {
            var display = SessionDisplay()
            let isTaken = display.set("WAYLAND_DISPLAY", to: value)
            #expect(!isTaken, "\(value.prefix(20))")
        }
    }

    @Test func anAuthorityIsAnAbsolutePathAndOpensNothingByItself() {
        var display = SessionDisplay()
        for value in ["", "x", "~/.Xauthority", "/a\nb", "/a\u{7F}", "/" + String(repeating: "x", count: 4095)] {
            let isTaken = display.set("XAUTHORITY", to: value)
            #expect(!isTaken, "\(value.prefix(20))")
        }
        for value in ["/home/şükrü/.Xauthority", "/run/user/1000/xauth_x Y"] {
            let isTaken = display.set("XAUTHORITY", to: value)
            #expect(isTaken)
        }
        #expect(display.isNowhere)
        let isTaken = display.set("PATH", to: "/tmp")
        #expect(!isTaken)
    }

    @Test func ofAnEnvironmentOnlyWhatIsSaneIsTaken() {
        let display = SessionDisplay(environment: [
            "PATH=/bin", "DISPLAY=:1", "WAYLAND_DISPLAY=", "XAUTHORITY=relative", "DISPLAYS=:2", "broken",
        ])
        #expect(display.environment == ["DISPLAY": ":1"])
        #expect(SessionDisplay(environment: ["DISPLAY=", "WAYLAND_DISPLAY="]).isNowhere)
    }

    @Test func theAuthorityComesFromTheSessionOfTheSameDisplayAlone() {
        let session = SessionDisplay(environment: ["DISPLAY=:1", "XAUTHORITY=/a"])
        let same = SessionDisplay(environment: ["DISPLAY=:1"])
        let other = SessionDisplay(environment: ["DISPLAY=:2"])
        let own = SessionDisplay(environment: ["DISPLAY=:1", "XAUTHORITY=/b"])
        #expect(same.completed(by: session).authority == "/a")
        #expect(other.completed(by: session).authority == nil)
        #expect(own.completed(by: session).authority == "/b")
    }
}
