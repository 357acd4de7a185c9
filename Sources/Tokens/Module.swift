// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import CPKCS11
import Glibc
import SystemBasics

/// One PKCS#11 module, loaded and initialised for as long as this object lives.
///
/// Vendor code runs in our process from here on: it may block for as long as it likes, crash or answer nonsense, so only
/// a job process loads one. Everything is synchronous and belongs to the thread that made the module.
public final class Module {
    private let functions: UnsafePointer<CK_FUNCTION_LIST>
    /// False where somebody else in this process had initialised the module: they will finalise it.
    private let finalises: Bool

    /// Loads the library and calls C_Initialize (PKCS#11 v2.40, 5.4).
    ///
    /// Throws `moduleUnusable` where it is no PKCS#11 module, and whatever C_Initialize answers.
    public init(path: String) throws(TokenError) {
        // A bare name would be searched for in the loader's path: only a file that was meant is loaded.
        guard path.contains("/") else { throw TokenError(.notLoadable("not a path"), call: "dlopen") }
        guard !LibraryFile.isTruncated(path) else { throw TokenError(.notLoadable("file too short"), call: "dlopen") }
        if let machine = LibraryFile.foreignMachine(path) {
            throw TokenError(.notLoadable("wrong ELF machine: \(machine)"), call: "dlopen")
        }
        guard let library = dlopen(path, Self.loading) else {
            let error = TokenError(.notLoadable(Self.loadersReason(path)), call: "dlopen")
            // A file behind a folder that may not be entered is not known to be missing.
            throw access(path, F_OK) != 0 && errno == ENOENT ? error.knowingTheFileIsMissing() : error
        }
        guard let symbol = dlsym(library, "C_GetFunctionList") else {
            throw TokenError(.missingFunction, call: "C_GetFunctionList")
        }
        let getFunctionList = unsafeBitCast(
            symbol, to: (@convention(c) (UnsafeMutablePointer<UnsafePointer<CK_FUNCTION_LIST>?>) -> CK_RV).self)
        var list: UnsafePointer<CK_FUNCTION_LIST>?
        try TokenError.check(getFunctionList(&list), "C_GetFunctionList")
        guard let list else { throw TokenError(.missingFunction, call: "C_GetFunctionList") }
        self.functions = list
        self.finalises = try Self.initialise(list)
    }

    /// The loader's own words, which mostly begin with the path; they name files and versions, nothing of a person.
    private static func loadersReason(_ path: String) -> String {
        let reason = dlerror().map { String(cString: $0) } ?? "unknown"
        return reason.hasPrefix(path + ": ") ? String(reason.dropFirst(path.utf8.count + 2)) : reason
    }

    deinit {
        // The library stays mapped: vendor modules leave threads and exit handlers behind, which must find their code.
        if finalises { _ = functions.pointee.C_Finalize?(nil) }
    }

    /// Everything bound at once, so that a missing symbol is told now; and to the module's own libraries first: our
    /// libcrypto must not stand in for the other version that a vendor may have linked into his module.
    private static let loading: Int32 = {
        let ownFirst: Int32 = 8  // RTLD_DEEPBIND, which glibc's header shows to _GNU_SOURCE alone
        // AddressSanitizer's malloc must be everybody's.
        let isSanitized = dlsym(nil, "__asan_init") != nil
        return RTLD_NOW | RTLD_LOCAL | (isSanitized ? 0 : ownFirst)
    }()

    /// Whether we initialised it, so that we finalise it.
    private static func initialise(_ list: UnsafePointer<CK_FUNCTION_LIST>) throws(TokenError) -> Bool {
        guard let initialize = list.pointee.C_Initialize else {
            throw TokenError(.missingFunction, call: "C_Initialize")
        }
        var arguments = CK_C_INITIALIZE_ARGS()
        arguments.flags = CK_FLAGS(CKF_OS_LOCKING_OK)
        var answer = initialize(&arguments)
        // Some builds of libakisp11 refuse any argument at all, and old modules know no locking.
        if answer == CKR_ARGUMENTS_BAD || answer == CKR_CANT_LOCK { answer = initialize(nil) }
        if answer == CKR_CRYPTOKI_ALREADY_INITIALIZED { return false }
        try TokenError.check(answer, "C_Initialize")
        return true
    }

    /// Calls one function of the module: absent ones and every answer but CKR_OK are thrown under the function's name.
    func call<Function>(
        _ name: String, _ function: KeyPath<CK_FUNCTION_LIST, Function?>, _ body: (Function) -> CK_RV
    ) throws(TokenError) {
        guard let function = functions.pointee[keyPath: function] else {
            throw TokenError(.missingFunction, call: name)
        }
        try TokenError.check(body(function), name)
    }
}

/// The facts of a shared library that must be known before the loader is given it.
enum LibraryFile {
    /// The processor that a library is for, where that is not this one's.
    ///
    /// The loader passes over such a file as if it were not there, and says "cannot open shared object file: No such file or directory". It
    /// names a wrong class (32 bits) itself, and a library that is missing.
    static func foreignMachine(_ path: String) -> String? {
        guard let header = Files.beginning(of: path, atMost: 20), header.count == 20,
            header.starts(with: [0x7F] + Array("ELF".utf8)), header[4] == UInt8(ELFCLASS64), header[5] == 1
        else { return nil }
        let machine = UInt16(header[18]) | UInt16(header[19]) << 8
        return machine == ownMachine ? nil : machineNames[machine] ?? "\(machine)"
    }

    private static let machineNames: [UInt16: String] = [
        3: "i386", 40: "arm", 62: "x86-64", 183: "aarch64", 243: "riscv64",
    ]

    private static var ownMachine: UInt16 {
        #if arch(x86_64)
        62
        #elseif arch(arm64)
        183
        #else
        243
        #endif
    }

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
