// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import BusContract
import EOnayCore
import Store

/// The guard of the last try: what a wrong PIN left is remembered by the card's certificates until a PIN was right, whatever the card's
/// flags say, in whichever reader it is, and also by the next run of the service.
extension Service {
    /// A wrong PIN was entered, and left the card in this state. `done` is called once that is on disk, or could not be kept.
    func pinWasWrong(_ state: PINState, for approval: Approval, done: @escaping @Sendable (isolated Service) -> Void) {
        let certificates = certificates(beside: approval.request.certificate)
        let left = PINState.worse(state, .countLow)
        for id in certificates { seenPINStates[id] = .worse(left, seenPINStates[id] ?? .unknown) }
        let states = certificates.map { ($0, seenPINStates[$0] ?? left) }
        if let token = token(of: approval.request.certificate) {
            token.learnedPINState = .worse(left, token.learnedPINState ?? .unknown)
            recallPINState(of: token)
        }
        let now = parts.alarm.now()
        write { store in
            for (id, state) in states { try await store.pinWasWrong([id], state: state.rawValue, at: now) }
        } done: { service, error in
            if let error { service.couldNotRemember("a wrong PIN", error) }
            done(service)
        }
    }

    /// The right PIN was entered: the card counts from the beginning.
    func pinWasRight(for approval: Approval) {
        let certificates = certificates(beside: approval.request.certificate)
        if let token = token(of: approval.request.certificate), token.learnedPINState != nil {
            token.learnedPINState = nil
            tokenChanged(token, [.pinState])
        }
        guard certificates.contains(where: { seenPINStates[$0] != nil }) else { return }
        for id in certificates { seenPINStates[id] = nil }
        if let token = token(of: approval.request.certificate) { recallPINState(of: token) }
        remember("the right PIN") { try await $0.pinWasRight(certificates) }
    }

    /// Has a token show what is remembered of its certificates.
    func recallPINState(of token: CardToken) {
        let before = token.pinState
        let seen = token.certificates.compactMap { seenPINStates[$0] }
        token.rememberedPINState = seen.isEmpty ? nil : seen.reduce(.unknown) { .worse($0, $1) }
        if token.pinState != before { tokenChanged(token, [.pinState]) }
    }

    /// One PIN guards all keys of a card.
    private func certificates(beside id: String) -> [String] {
        token(of: id)?.certificates ?? [id]
    }
}
