// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Glibc

// SwiftPM links a program with `--defsym main=Fuzz_main`, which hides the main of libFuzzer: this one calls its driver.

@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ count: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
    _ function: @convention(c) (UnsafePointer<UInt8>, Int) -> CInt
) -> CInt

@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    Target.chosen.run(Array(UnsafeBufferPointer(start: bytes, count: count)))
    return 0
}

/// `Fuzz certificate|signature|revocation [--issuer FILE] [libFuzzer's options and folders]`
@_cdecl("Fuzz_main")
public func fuzzMain(
    _ count: CInt, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> CInt {
    guard let arguments else { return 2 }
    var rest = (0..<Int(count)).map { arguments[$0] }
    guard rest.count > 1, let name = rest.remove(at: 1), let target = Target(rawValue: String(cString: name)) else {
        puts("usage: Fuzz certificate|signature|revocation [--issuer FILE] [options]")
        return 2
    }
    Target.chosen = target
    if rest.count > 2, let option = rest[1], String(cString: option) == "--issuer", let path = rest[2] {
        Target.issuerBytes = read(String(cString: path))
        rest.removeSubrange(1...2)
    }
    var remaining = CInt(rest.count)
    rest.append(nil)
    return rest.withUnsafeMutableBufferPointer { buffer in
        var base = buffer.baseAddress
        return withUnsafeMutablePointer(to: &base) { runDriver(&remaining, $0, testOneInput) }
    }
}

private func read(_ path: String) -> [UInt8] {
    guard let file = fopen(path, "rb") else { return [] }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 64 * 1024)
    let count = fread(&bytes, 1, bytes.count, file)
    return Array(bytes.prefix(count))
}
