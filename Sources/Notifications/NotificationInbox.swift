// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import JobFrames

/// The pending orders for notifications, by key: newer content takes the place of older, so that little waits however long a
/// server takes.
struct NotificationInbox {
    enum Order: Equatable {
        case show(NotificationContent)
        case withdraw(String)

        var key: String {
            switch self {
            case .show(let content): content.key
            case .withdraw(let key): key
            }
        }
    }

    /// More different keys than this do not wait; the oldest order is dropped.
    static let capacity = 64

    private var orders: [Order] = []

    /// The oldest order.
    var first: Order? { orders.first }

    /// Adds an order, instead of an older one with the same key.
    mutating func put(_ order: Order) {
        orders.removeAll { $0.key == order.key }
        orders = (orders + [order]).suffix(Self.capacity)
    }

    /// Adds what could not be done before, unless something newer waits under its key.
    mutating func putBack(_ contents: [NotificationContent]) {
        let old = contents.filter { content in !contains(key: content.key) }
        orders = (old.map(Order.show) + orders).suffix(Self.capacity)
    }

    func contains(key: String) -> Bool { orders.contains { $0.key == key } }

    /// Takes the oldest order out.
    mutating func next() -> Order? { orders.isEmpty ? nil : orders.removeFirst() }
}
