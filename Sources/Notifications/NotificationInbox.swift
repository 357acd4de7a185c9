// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// What is still to be done with notifications, by key: while the thread waits for its server, newer content takes the
/// place of older, so that little waits however long that lasts.
final class NotificationInbox: Sendable {
    enum Request: Equatable {
        case show(NotificationContent)
        case withdraw(String)

        var key: String {
            switch self {
            case .show(let content): content.key
            case .withdraw(let key): key
            }
        }
    }

    /// More different keys than this do not wait; the oldest request is dropped.
    static let capacity = 64

    private let requests = Mutex<[Request]>([])

    /// Adds a request, instead of an older one with the same key.
    func put(_ request: Request) {
        requests.withLock { requests in
            requests.removeAll { $0.key == request.key }
            if requests.count == Self.capacity { requests.removeFirst() }
            requests.append(request)
        }
    }

    /// Adds what could not be shown before, unless something newer waits under its key.
    func putBack(_ contents: [NotificationContent]) {
        requests.withLock { requests in
            let old = contents.filter { content in !requests.contains { $0.key == content.key } }
            requests = (old.map(Request.show) + requests).suffix(Self.capacity)
        }
    }

    /// Takes the oldest request out.
    func next() -> Request? {
        requests.withLock { $0.isEmpty ? nil : $0.removeFirst() }
    }
}
