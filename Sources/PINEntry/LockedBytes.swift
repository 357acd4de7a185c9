// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Glibc

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
        // Refused where RLIMIT_MEMLOCK is 0: the page may then be swapped out, which is no reason to turn a person away.
        _ = mlock(page, Self.capacity)
        _ = madvise(page, Self.capacity, MADV_DONTDUMP)
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
