// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Glibc
import SystemBasics

/// A PIN: bytes that cannot be copied, printed or kept, and that are wiped when their owner lets them go.
public struct PIN: ~Copyable {
    private var bytes = LockedBytes()

    init() {}

    /// How many bytes it has.
    public var count: Int { bytes.count }

    /// Whether the two are the same.
    public borrowing func equals(_ other: borrowing PIN) -> Bool {
        withBytes { mine in
            other.withBytes { theirs in
                mine.count == theirs.count && mine.indices.allSatisfy { mine[$0] == theirs[$0] }
            }
        }
    }

    /// Lends the bytes for the time of the call; a `Span` cannot outlive it.
    public borrowing func withBytes<Result, Failure: Error>(
        _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try bytes.withBytes(body)
    }

    /// Adds a byte; false where it cannot be part of any PIN any more.
    mutating func append(_ byte: UInt8) -> Bool { bytes.append(byte) }

    /// Takes the last byte away if it is this one.
    mutating func dropLast(_ byte: UInt8) {
        if bytes.count > 0, bytes[bytes.count - 1] == byte { bytes.removeLast() }
    }
}

/// Why an entry can be no card's PIN, so that no try is spent on it.
public enum PINFault: Equatable, Sendable {
    /// It has fewer or more octets than the card takes.
    case length(ClosedRange<Int>)
    /// It holds what nobody types on purpose: control characters and a byte order mark, blanks at its ends, octets that are no
    /// UTF-8 (in which PKCS#11 wants its PINs: CK_UTF8CHAR).
    case characters
}

extension PIN {
    /// The limits of every PIN, where the card does not name its own.
    private static let anyLength = 1...255

    /// The fault that makes it impossible as a PIN of a card that takes so many octets; nil where there is none.
    ///
    /// The one rule for every way on which a PIN comes, but for a reader's keypad.
    public borrowing func fault(length: ClosedRange<Int>?) -> PINFault? {
        // An empty one is never meant, also where a card would take it.
        let length = length.map { max(1, $0.lowerBound)...max(1, $0.upperBound) } ?? Self.anyLength
        guard withBytes({ Self.isText($0) }) else { return .characters }
        return length.contains(count) ? nil : .length(length)
    }

    private static func isText(_ bytes: Span<UInt8>) -> Bool {
        guard let text = try? UTF8Span(validating: bytes) else { return false }
        var scalars = text.makeUnicodeScalarIterator()
        var isFirst = true
        var isBlank = false
        while let scalar = scalars.next() {
            isBlank = scalar.properties.generalCategory == .spaceSeparator
            guard scalar.isShowable, !(isFirst && isBlank) else { return false }
            isFirst = false
        }
        return !isBlank
    }
}

/// A page of memory for secrets: never swapped out, in no core file, wiped before it is given back.
///
/// Its address is fixed from the first byte on, so no copy is left behind by growing.
struct LockedBytes: ~Copyable {
    private let page: UnsafeMutableRawPointer
    private(set) var count = 0

    static let capacity = 4096

    init() {
        let page = mmap(nil, Self.capacity, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        // Without one page of memory nothing can be said to anybody either.
        guard let page, page != MAP_FAILED else { fatalError("no memory") }
        // Refused where RLIMIT_MEMLOCK is 0: the page may then be swapped out, which is no reason to turn a person away
        // (`ConfinementSupport` says it in the log).
        if mlock(page, Self.capacity) != 0 {
            var limit = rlimit()
            let resource = __rlimit_resource_t(__RLIMIT_MEMLOCK.rawValue)
            getrlimit(resource, &limit)
            limit.rlim_cur = limit.rlim_max
            if setrlimit(resource, &limit) == 0 { _ = mlock(page, Self.capacity) }
        }
        _ = madvise(page, Self.capacity, MADV_DONTDUMP)
        // A module's child does not get it.
        _ = madvise(page, Self.capacity, MADV_WIPEONFORK)
        self.page = page
    }

    deinit {
        explicit_bzero(page, Self.capacity)
        munmap(page, Self.capacity)
    }

    /// Adds a byte; false where the page is full.
    mutating func append(_ byte: UInt8) -> Bool {
        guard count < Self.capacity else { return false }
        page.storeBytes(of: byte, toByteOffset: count, as: UInt8.self)
        count += 1
        return true
    }

    /// Reads from a descriptor what fits behind the bytes that are there; answers as read(2) does.
    mutating func read(from descriptor: Int32, atMost limit: Int = capacity) -> Int {
        let received = Glibc.read(descriptor, page + count, min(limit, Self.capacity - count))
        if received > 0 { count += received }
        return received
    }

    /// Forgets the first bytes; those that follow move to the front, and what they leave is wiped.
    mutating func removeFirst(_ number: Int) {
        let rest = count - number
        page.copyMemory(from: page + number, byteCount: rest)
        explicit_bzero(page + rest, number)
        count = rest
    }

    /// Forgets the last byte.
    mutating func removeLast() {
        precondition(count > 0)
        count -= 1
        explicit_bzero(page + count, 1)
    }

    subscript(index: Int) -> UInt8 {
        precondition(index < count)
        return page.load(fromByteOffset: index, as: UInt8.self)
    }

    /// The first place of the byte.
    func firstIndex(of byte: UInt8) -> Int? { (0..<count).first { self[$0] == byte } }

    /// The octets behind the last byte: zeros, or something was not wiped.
    func octetsBehindTheEnd(_ number: Int) -> [UInt8] {
        (count..<count + number).map { page.load(fromByteOffset: $0, as: UInt8.self) }
    }

    /// The bytes, for the time of the call.
    borrowing func withBytes<Result, Failure: Error>(
        _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let bytes = UnsafeBufferPointer(start: page.assumingMemoryBound(to: UInt8.self), count: count)
        return try body(bytes.span)
    }
}
