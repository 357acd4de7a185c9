// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import Glibc
import TestBench
import Testing
import VirtualCard

/// A service that is killed tells nothing twice.
@Suite(.timeLimit(.minutes(1)))
struct ReminderCrashTests {
    @Test func aReminderIsNotToldTwiceThoughTheServiceIsKilledRightAfterIt() async throws {
        let desktop = try await Desktop(.own(2))
        try desktop.configure("[Notifications]\nEnabled=false\n")
        let bus = try await SessionBus(desktop)
        func card(_ holder: Holder) throws -> CardDescription {
            let end = Desktop.now() + 19 * 86_400 + 3600
            return try desktop.card(
                .akis, [CertificateRequest(for: holder, notBefore: end - 1095 * 86_400, notAfter: end)])
        }
        let first = try await desktop.pcscd.insert(card(.sukru))
        let service = try await desktop.startService()
        let told = try await bus.signals.next { $0.member == "ExpiryReminder" }
        await service.kill()
        #expect(told.arguments[2].int32 == 19)

        // A later reminder proves that the first one would have come by then.
        let again = try await desktop.startService()
        let second = try await desktop.pcscd.insert(card(.isil), reader: 1)
        let other = try await bus.signals.next { $0.member == "ExpiryReminder" }
        #expect(other.arguments[0] != told.arguments[0])
        await again.kill()
        let last = try await desktop.startService()
        try await bus.until { try await $0.objects("Token").values.filter(\.isLookedAt).count == 2 }
        #expect(bus.signals.all.filter { $0.member == "ExpiryReminder" }.count == 2)
        await last.kill()
        try await first.remove()
        try await second.remove()
    }
}
