// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Cards
import Confinement
import EOnayCore
public import JobFrames
import PINEntry
import SystemBasics
import Tokens

/// One job of `eonay-token`: answers requests one after the other until its parent closes the conversation.
///
/// Synchronous from end to end: the process has one thread, and what blocks (a card, a person) blocks it. A vendor module
/// that crashes or hangs ends this process alone; the parent sees to it.
public final class TokenJob {
    private let end: JobEnd
    private let catalog: ModuleCatalog
    private let handed: HandedDescriptors
    /// The card that `prepare` made ready for `sign`.
    private var signer: Signer?
    /// The card that `preparePIN` made ready for `setPIN`.
    private var setter: PINSetter?
    /// The module of the last answer.
    private var listing: CardListing?
    /// Whether this process is bound, or was found to be free to do what the person may do.
    private var isConfined = false

    /// Makes the process ready to hear secrets.
    public init(end: JobEnd) {
        ProcessHardening.apply()
        self.end = end
        handed = HandedDescriptors()
        catalog = ModuleCatalog()
    }

    /// Answers until the parent's end is closed. Throws `FrameError` where the conversation itself breaks.
    public func run() throws(FrameError) {
        while let request = try end.receive(TokenRequest.self) {
            do {
                try end.send(try answer(request))
            } catch let failure as JobFailure {
                try end.send(TokenReply.failed(failure))
            } catch let error as FrameError {
                guard error.code == .tooLong || error.code == .tooMany else { throw error }
                try end.send(TokenReply.failed(JobFailure(.tokenFailed, "answer too long")))
            } catch {
                try end.send(TokenReply.failed(JobFailure(.internal)))
            }
            listing = nil
        }
    }

    private func answer(_ request: TokenRequest) throws -> TokenReply {
        switch request {
        case .modules(let configured, let discover):
            return .modules(
                catalog.modules(configured: configured, discover: discover).map(\.path),
                folders: catalog.folders(configured: configured, discover: discover))
        case .list(let request):
            try confine(Confinement(of: request.module), unless: !request.confines)
            let listing = try CardListing(request)
            self.listing = listing
            return .listed(try listing.description())
        case .read(let request):
            try confine(.readingCard)
            return .listed(try DirectReading.description(request))
        case .prepare(let request):
            // The former session goes first: some modules allow one.
            signer = nil
            // First the prompt, as a confined process starts no other. Why there is none counts only where the card is right.
            let source = Signer.source(for: request.prompt, locale: request.locale, on: request.display, handed)
            try confine(Confinement(of: request.module), unless: !request.confines)
            let signer = try Signer(request, source)
            self.signer = signer
            return .prepared(signer.prepared)
        case .sign(let request):
            guard let signer else { throw JobFailure(.invalidArgument, "sign before prepare") }
            return .signed(try signer.sign(request, for: end))
        case .preparePIN(let request):
            // The former session goes first, as above: the officer's login bears no other beside it.
            (signer, setter) = (nil, nil)
            let source = Signer.source(for: request.prompt, locale: request.locale, on: request.display, handed)
            try confine(Confinement(of: request.module), unless: !request.confines)
            setter = try PINSetter(request, source)
            return .pinPrepared
        case .setPIN(let secondsLeft):
            guard let setter else { throw JobFailure(.invalidArgument, "setPIN before preparePIN") }
            // One PIN or PUK for one request: it takes another `preparePIN` to try again.
            self.setter = nil
            try setter.set(within: secondsLeft, for: end)
            return .pinSet
        case .inspect(let request):
            try confine(Confinement(network: .none))
            return .inspected(try Inspection.inspect(request))
        case .verify(let request):
            try confine(Confinement(network: .none))
            return .verified(try Inspection.verify(request))
        case .readers: return .readers(ReaderSurvey(.now()))
        case .prompt(let prompt, let locale, let display):
            return .promptWorks(flavour: try Signer.flavour(of: prompt, locale: locale, display: display, handed))
        }
    }

    /// Once in a job, before a module's code or a certificate of unknown origin is met.
    private func confine(_ confinement: Confinement, unless isFree: Bool = false) throws(JobFailure) {
        guard !isConfined else { return }
        if !isFree {
            do throws(SystemError) { try confinement.apply() } catch { throw JobFailure(.internal, error.description) }
        }
        isConfined = true
    }
}
