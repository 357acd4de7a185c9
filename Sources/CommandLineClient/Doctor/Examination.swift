// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import BusContract
import EOnayCore
import EventLoops
import JobFrames
import Jobs
import SystemBasics

/// A look at one topic.
protocol Check: Sendable {
    var topic: Topic { get }
    /// How long it may take; then the line says that no answer came.
    var limit: Duration { get }

    /// Its findings: a line or more.
    func look(_ examination: Examination) async -> [Finding]

    /// The line where it took too long.
    var noAnswer: Finding { get }
}

extension Check {
    var limit: Duration { .seconds(10) }
    var noAnswer: Finding { .noAnswer(topic) }
}

/// The things that the checks look at, and the facts that the earlier ones leave for the later ones. On the loop's thread.
final class Examination: Sendable {
    struct Facts: Sendable {
        var configuration = DesktopConfiguration()
        var issues: [ConfigurationIssue] = []
        /// The session bus, where there is one.
        var bus: ServiceClient?
        /// The service's view, where it runs and answers.
        var service: ServiceView?
        var isServiceSilent = false
        var survey: ReaderSurvey?
        var cards: [ReadCard] = []
    }

    /// A card that a driver has read.
    struct ReadCard: Sendable {
        let reader: [UInt8]
        let description: TokenDescription
    }

    let loop: EventLoop
    let surroundings: DoctorSurroundings
    private let state: Guarded<Facts>

    init(on loop: EventLoop, _ surroundings: DoctorSurroundings = .ofThisProcess()) {
        self.loop = loop
        self.surroundings = surroundings
        let (files, unread) = DesktopConfiguration.files(at: surroundings.configurationFiles)
        let (configuration, issues) = DesktopConfiguration.read(files)
        state = Guarded(Facts(configuration: configuration, issues: unread + issues))
    }

    var facts: Facts { state.withLock { $0 } }

    func learn(_ change: (inout Facts) -> Void) { state.withLock { change(&$0) } }

    /// The certificates that could give E-Onay, of all cards that were read.
    var certificates: [CertificateDescription] { facts.cards.flatMap(\.description.certificates) }

    // MARK: - Time

    /// The result of work on the loop; nil where it takes longer. The work goes on then, and nobody waits for it.
    func within<Result: Sendable>(
        _ limit: Duration, _ work: @escaping @Sendable () async -> Result
    ) async -> Result? {
        let (results, continuation) = AsyncStream<Result?>.makeStream()
        Task(executorPreference: loop.tasks) { continuation.yield(await work()) }
        loop.timer(after: limit) { continuation.yield(nil) }
        for await result in results { return result }
        return nil
    }

    /// The same for work that may block: a file on a disk that does not answer.
    func blocking<Result: Sendable>(_ limit: Duration, _ work: @escaping @Sendable () -> Result) async -> Result? {
        let (results, continuation) = AsyncStream<Result?>.makeStream()
        do {
            let thread = try BlockingThread(name: "doctor")
            thread.post {
                continuation.yield(work())
                thread.stop()
            }
        } catch {
            return work()
        }
        loop.timer(after: limit) { continuation.yield(nil) }
        for await result in results { return result }
        return nil
    }

    // MARK: - Jobs

    /// Asks an `eonay-token` of its own one thing.
    func token(
        _ request: TokenRequest, limit: Duration, environment: [String: String] = [:]
    ) async -> Result<TokenReply, JobError> {
        do throws(JobError) {
            let job = try await JobRunner(on: loop).start(.token(), environment: environment, deadline: limit)
            let reply = try await Conversation<TokenRequest, TokenReply>(job).ask(request)
            await job.close()
            // The next job would meet this one on the card.
            await job.limit(to: .seconds(2))
            _ = await job.ended()
            return .success(reply)
        } catch {
            return .failure(error)
        }
    }

    /// Asks an `eonay-courier` of its own; the answers so far, where it fails.
    func courier(_ requests: [CourierRequest], limit: Duration) async -> (replies: [CourierReply], error: JobError?) {
        var replies: [CourierReply] = []
        do throws(JobError) {
            let job = try await JobRunner(on: loop).start(.courier(), deadline: limit)
            let conversation = Conversation<CourierRequest, CourierReply>(job)
            for request in requests { replies.append(try await conversation.ask(request)) }
            await job.close()
            return (replies, nil)
        } catch {
            return (replies, error)
        }
    }
}

/// The running service as it sees the world.
struct ServiceView: Sendable {
    let watcher: WatcherStatus
    let recordState: String
    let tokens: [ServiceToken]
    /// PATH of its process; nil where the system does not show it.
    let path: String?

    private static let patience: Duration = .seconds(5)

    /// Asks a service that runs; nil where none does. Throws where it does not answer. None is started.
    static func ask(_ client: ServiceClient) async throws -> ServiceView? {
        let owner = try? await client.bus.call(
            "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "GetNameOwner",
            [.string(Contract.busName)], timeout: patience)
        guard owner?.first?.string != nil else { return nil }
        let properties = try await client.properties(
            of: ServiceInterface.self, at: Contract.root, startsService: false)
        let objects = try await client.objects(startsService: false)
        let process = try? await client.bus.credentials(of: Contract.busName).process
        return ServiceView(
            watcher: WatcherStatus(properties), recordState: properties[.recordState]?.string ?? "",
            tokens: objects.tokens, path: process.flatMap(path))
    }

    private static func path(ofProcess id: Int32) -> String? {
        let variables = Files.beginning(of: "/proc/\(id)/environ", atMost: 1 << 17) ?? []
        return variables.split(separator: 0).lazy.map { String(decoding: $0, as: UTF8.self) }
            .first { $0.hasPrefix("PATH=") }.map { String($0.dropFirst("PATH=".count)) }
    }
}

/// Where the checks look: this computer, or a test's.
struct DoctorSurroundings: Sendable {
    /// Before each absolute path of the system's own files.
    var root = ""
    var value: @Sendable (String) -> String? = { Surroundings.value($0) }
    /// Whether the kernel says that the clock is kept right; nil where it does not say.
    var isClockSynchronised: @Sendable () -> Bool? = { SystemClock.isSynchronised }
    var now: @Sendable () -> Int64 = { Console.now }
    var isOnTerminal = false
    /// Whether systemd runs the user's services.
    var hasUnits: Bool { Files.exists(root + "/run/systemd/system") }
    var configurationFiles = Surroundings.configurationFiles

    static func ofThisProcess() -> DoctorSurroundings {
        DoctorSurroundings(isOnTerminal: Stream.isInputTerminal)
    }

    /// A folder of the XDG base directory specification.
    func folder(_ variable: String, otherwise below: String) -> String {
        value(variable).flatMap { $0.hasPrefix("/") ? $0 : nil } ?? "\(value("HOME") ?? "")/\(below)"
    }
}
