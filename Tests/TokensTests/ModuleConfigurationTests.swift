// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Tokens

@Suite(.timeLimit(.minutes(1)))
struct ModuleConfigurationTests {
    @Test func linesAreNamesAndValuesAndAHashBeginsAComment() {
        let file = ModuleConfiguration(
            "# a comment\n\n  module :  /opt/x.so  \npriority: 7\nno colon\nx-custom: a: b\n")
        #expect(file.module == "/opt/x.so")
        #expect(file.priority == 7)
        #expect(file["x-custom"] == "a: b")
    }

    @Test func aModuleIsEnabledWhereItsListsSay() {
        #expect(ModuleConfiguration("module: a").isEnabled(in: "eonay-token"))
        #expect(!ModuleConfiguration("enable-in: firefox, ssh").isEnabled(in: "eonay-token"))
        #expect(ModuleConfiguration("enable-in: firefox,eonay-token").isEnabled(in: "eonay-token"))
        #expect(!ModuleConfiguration("disable-in: ssh eonay-token").isEnabled(in: "eonay-token"))
        #expect(ModuleConfiguration("disable-in: p11-kit-proxy").isEnabled(in: "eonay-token"))
    }

    @Test func aUsersFileAltersTheSystems() {
        let both = ModuleConfiguration("module:\n").completed(by: ModuleConfiguration("module: a.so\npriority: 2\n"))
        #expect(both.module == nil)
        #expect(both.priority == 2)
    }
}
