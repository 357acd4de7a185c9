// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
public import JobFrames
import PINEntry
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
    /// The module of the last answer.
    private var listing: CardListing?

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
            let listing = try CardListing(request)
            self.listing = listing
            return .listed(try listing.description())
        case .prepare(let request):
            // The former session goes first: some modules allow one.
            signer = nil
            let signer = try Signer(request, handed)
            self.signer = signer
            return .prepared(signer.prepared)
        case .sign(let request):
            guard let signer else { throw JobFailure(.invalidArgument, "sign before prepare") }
            return .signed(try signer.sign(request, for: end))
        case .inspect(let request): return .inspected(try Inspection.inspect(request))
        case .verify(let request): return .verified(try Inspection.verify(request))
        }
    }
}
