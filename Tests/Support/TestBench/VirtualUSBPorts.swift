// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import Synchronization
internal import SystemBasics
internal import VirtualCard

/// The USB ports of a private pcscd: readers can be plugged in and pulled out while it runs.
///
/// Three folders do it, which Sources/VirtualUSB and Sources/VirtualReader look into: a file for each plugged reader, the
/// driver's bundle, and the sockets at which the readers take cards.
final class VirtualUSBPorts: Sendable {
    private static let name = "E-Onay USB Reader"

    /// For pcscd alone.
    let environment: [String: String]
    private let plugged: String
    private let sockets: String
    private let ports = Mutex<Set<Int>>([])

    init(in folder: TemporaryFolder, driver: String) throws {
        plugged = try folder.makeFolder("usb")
        sockets = try folder.makeFolder("plugged")
        try folder.makeFolder("drivers/eonay.bundle/Contents/Linux")
        try folder.write(
            "drivers/eonay.bundle/Contents/Info.plist",
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <plist version="1.0">
            <dict>
                <key>CFBundleExecutable</key>
                <string>libVirtualReader.so</string>
                <key>ifdVendorID</key>
                <array>
                    <string>0xE0A1</string>
                </array>
                <key>ifdProductID</key>
                <array>
                    <string>0x0001</string>
                </array>
                <key>ifdFriendlyName</key>
                <array>
                    <string>\(Self.name)</string>
                </array>
            </dict>
            </plist>

            """)
        // A copy, not a link: pcscd numbers the readers of each driver by itself, and one library cannot be two drivers.
        try FileManager.default.copyItem(
            atPath: driver, toPath: folder.file("drivers/eonay.bundle/Contents/Linux/libVirtualReader.so"))
        environment = [
            "LD_PRELOAD": try Programs.built("libVirtualUSB.so"), "EONAY_USB_FOLDER": plugged,
            "EONAY_DRIVER_FOLDER": folder.file("drivers"), "EONAY_READER_FOLDER": sockets,
        ]
    }

    func plugIn() throws -> TestReader {
        let port = ports.withLock { ports in
            let port = (0...).first { !ports.contains($0) } ?? 0
            ports.insert(port)
            return port
        }
        let file = open("\(plugged)/\(Self.device(port))", O_CREAT | O_EXCL | O_WRONLY, 0o600)
        guard file >= 0 else { throw SystemError.last("open \(Self.device(port))") }
        close(file)
        return reader(port)
    }

    func unplug(_ reader: TestReader) throws {
        let port = ports.withLock { ports in
            let port = ports.first { self.reader($0) == reader }
            if let port { ports.remove(port) }
            return port
        }
        guard let port, unlink("\(plugged)/\(Self.device(port))") == 0 else { throw SystemError.last("unplug") }
    }

    private static func device(_ port: Int) -> String { "001-00\(port + 1)" }

    private func reader(_ port: Int) -> TestReader {
        TestReader(
            name: "\(Self.name) 0\(port) 00",
            address: .virtualReader(path: "\(sockets)/\(Self.device(port))"))
    }
}
