// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The facts of a shared library that must be known before the loader is given it.
enum LibraryFile {
    /// Whether it ends before what its own table says that it holds, as one that is just being copied does.
    ///
    /// The loader maps such a file without a look at its length, and the process dies by SIGBUS at the first octet that is not there.
    /// Another file than a 64-bit ELF one is the loader's to judge, which refuses it with a reason.
    static func isTruncated(_ path: String) -> Bool {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return false }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return false }
        var header = Elf64_Ehdr()
        let headerSize = MemoryLayout<Elf64_Ehdr>.size
        guard pread(file, &header, headerSize, 0) == headerSize, header.e_ident.0 == 0x7F,
            header.e_ident.4 == UInt8(ELFCLASS64), header.e_phentsize == UInt16(MemoryLayout<Elf64_Phdr>.size)
        else { return false }
        return (0..<UInt64(header.e_phnum)).contains { number in
            var segment = Elf64_Phdr()
            let size = MemoryLayout<Elf64_Phdr>.size
            let (place, isBeyond) = header.e_phoff.addingReportingOverflow(number * UInt64(size))
            guard !isBeyond, let place = off_t(exactly: place), pread(file, &segment, size, place) == size else {
                return true
            }
            let (end, isAbsurd) = segment.p_offset.addingReportingOverflow(segment.p_filesz)
            return isAbsurd || end > UInt64(status.st_size)
        }
    }
}
