// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Glibc

/// The memory that `malloc` keeps.
public enum Heap {
    /// Gives what is free back to the system, of all threads' heaps: `malloc` by itself keeps most of what a burst of work needed.
    ///
    /// Takes a millisecond at most, during which no other thread can allocate. May be called from any thread.
    public static func trim() {
        malloc_trim(0)
    }
}

/// The program's own code and constants, which the kernel maps from its file.
public enum LoadedCode {
    /// Lets go of the pages, and names them to the kernel as the first to reclaim: most of them were needed by the start alone, or lie
    /// within the 64 KiB that the kernel maps around each page that is used. A page that is used again costs a minor fault, since the
    /// file stays in the page cache for as long as nobody needs the memory.
    ///
    /// A segment with a page of the process' own stays: a debugger or a probe has written a breakpoint there.
    public static func release() {
        let pageMap = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC)
        guard pageMap >= 0 else { return }
        defer { close(pageMap) }
        for segment in segments { release(segment, by: pageMap) }
    }

    /// The pages that are mapped from the file and that nobody writes, as the kernel has told the loader.
    private static var segments: [Range<UInt>] {
        let table = getauxval(UInt(AT_PHDR))
        guard let first = UnsafePointer<Elf64_Phdr>(bitPattern: table) else { return [] }
        let headers = UnsafeBufferPointer(start: first, count: Int(getauxval(UInt(AT_PHNUM))))
        guard let base = headers.first(where: { $0.p_type == PT_PHDR }).map({ table - UInt($0.p_vaddr) }) else {
            return []
        }
        return headers.filter { $0.p_type == PT_LOAD && $0.p_flags & UInt32(PF_W) == 0 }.map {
            let start = base + UInt($0.p_vaddr)
            return start / pageSize..<(start + UInt($0.p_memsz) + pageSize - 1) / pageSize
        }
    }

    private static let pageSize = UInt(getpagesize())
    /// The bits of an entry of the page map: "present", "swapped" and "of a file" (the kernel's admin-guide/mm/pagemap.rst).
    private static let (present, swapped, ofFile): (UInt64, UInt64, UInt64) = (1 << 63, 1 << 62, 1 << 61)

    private static func release(_ pages: Range<UInt>, by pageMap: Int32) {
        var entries = [UInt64](repeating: 0, count: pages.count)
        let size = entries.count * MemoryLayout<UInt64>.size
        guard pread(pageMap, &entries, size, off_t(pages.lowerBound) * off_t(MemoryLayout<UInt64>.size)) == size,
            entries.allSatisfy({ $0 & (present | swapped) == 0 || $0 & ofFile != 0 })
        else { return }
        let start = UnsafeMutableRawPointer(bitPattern: pages.lowerBound * pageSize)
        for advice in [MADV_COLD, MADV_DONTNEED] { madvise(start, pages.count * Int(pageSize), advice) }
    }
}
