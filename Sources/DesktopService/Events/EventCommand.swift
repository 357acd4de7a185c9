// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Jobs
import SystemBasics

/// The program of `[Reminders] Command`: run once for each event, a few at a time, and never waited for by the service.
///
/// It is an institution's way to mail, tickets and messengers. It learns the facts by environment variables that name no person; the words of
/// its command line are the configuration's own. What it prints goes nowhere, and its deadline ends it with all that it started.
final class EventCommand {
    /// How many run at a time, and how many more may wait: an event beyond that is left out.
    static let (mostAtOnce, mostWaiting) = (2, 64)
    static let deadline = Duration.seconds(60)

    private let jobs: any JobLauncher
    private let words: () -> [String]
    private let scheduler: any Scheduler
    private let log: Log

    private var waiting: [[String: String]] = []
    private var running = 0
    /// It failed, and that was logged.
    private var isFailing = false
    private var isFull = false
    private var hasEnded = false

    /// - Parameter words: the path and its arguments, as they are configured now; empty: there is none.
    init(_ jobs: any JobLauncher, scheduler: any Scheduler, log: Log, words: @escaping () -> [String]) {
        (self.jobs, self.scheduler, self.log, self.words) = (jobs, scheduler, log, words)
    }

    func run(for event: CertificateEvent, _ facts: EventFacts) {
        guard !hasEnded, !words().isEmpty else { return }
        guard waiting.count < Self.mostWaiting else {
            if !isFull { log.warning("the command of [Reminders] is too slow; events are left out, continuing") }
            isFull = true
            return
        }
        waiting.append(facts.variables(of: event))
        next()
    }

    /// Another command is configured: its failure is news.
    func configurationHasChanged() { isFailing = false }

    /// Nothing is begun any more; what runs ends with the service's jobs.
    func end() {
        hasEnded = true
        waiting = []
    }

    private func next() {
        while running < Self.mostAtOnce, !waiting.isEmpty {
            let variables = waiting.removeFirst()
            let words = words()
            guard !words.isEmpty else { continue }
            running += 1
            scheduler.task { [self] in
                took(await result(of: words, variables))
                running -= 1
                if waiting.isEmpty { isFull = false }
                next()
            }
        }
    }

    /// Nil where it did its work; else what went wrong.
    private func result(of words: [String], _ variables: [String: String]) async -> String? {
        do throws(JobError) {
            let status = try await jobs.run(words, environment: variables, deadline: Self.deadline)
            return status == .exited(0) ? nil : "\(status)"
        } catch {
            return "\(error)"
        }
    }

    /// A failure is logged once, not at each event, and so is that it is over.
    private func took(_ failure: String?) {
        guard !hasEnded else { return }
        if let failure, !isFailing {
            log.warning("the command of [Reminders] failed: \(failure), continuing")
        } else if failure == nil, isFailing {
            log.notice("the command of [Reminders] works again")
        }
        isFailing = failure != nil
    }
}

extension EventFacts {
    /// As the command gets them (eonay.conf(5)): nothing that names a person.
    func variables(of event: CertificateEvent) -> [String: String] {
        [
            "EONAY_EVENT": event.rawValue, "EONAY_CERTIFICATE": certificate, "EONAY_KIND": kind.rawValue,
            "EONAY_ISSUER": ShowableText.line(IdentityMask.masked(issuer)), "EONAY_NOT_AFTER": "\(notAfter)",
            "EONAY_DAYS_LEFT": "\(daysLeft)", "EONAY_PHASE": phase.rawValue,
            "EONAY_SUCCESSOR": successor, "EONAY_REVOCATION": revocation.rawValue,
        ]
    }

    /// As the journal gets them: the issuer's name is no use there.
    func journalFields(of event: CertificateEvent) -> [JournalField] {
        [JournalField("MESSAGE_ID", event.messageID)]
            + variables(of: event).filter { $0.key != "EONAY_ISSUER" }.sorted { $0.key < $1.key }.map {
                JournalField($0.key, $0.value)
            }
    }
}
