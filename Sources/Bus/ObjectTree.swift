// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// The exported objects by path.
///
/// A hash table over C texts, so that looking up a call's path makes no String.
struct ObjectTree {
    private(set) var objects: [ExportedObject] = []
    /// Indices into `objects` plus one, 0 for free; its size is a power of two, at most half full.
    private var slots: [Int32] = Array(repeating: 0, count: 16)

    func object(at path: UnsafePointer<CChar>) -> ExportedObject? {
        let mask = slots.count - 1
        var slot = Self.hash(path) & mask
        while slots[slot] != 0 {
            let object = objects[Int(slots[slot]) - 1]
            if object.path.equals(path) { return object }
            slot = (slot + 1) & mask
        }
        return nil
    }

    func object(at path: ObjectPath) -> ExportedObject? {
        path.text.withCString { object(at: $0) }
    }

    mutating func insert(_ object: ExportedObject) {
        objects.append(object)
        objects.count * 2 > slots.count ? rebuild(slots.count * 2) : place(objects.count - 1)
    }

    /// Objects come and go with cards and approvals, calls come by the thousand: removing may cost.
    mutating func remove(_ object: ExportedObject) {
        objects.removeAll { $0 === object }
        rebuild(slots.count)
    }

    /// The names of the next elements below a path, on the way to objects.
    func childNames(of path: ObjectPath) -> [String] {
        let prefix = path.text == "/" ? "/" : path.text + "/"
        var names: Set<String> = []
        for object in objects where object.path.text.hasPrefix(prefix) && object.path.text != prefix {
            names.insert(String(object.path.text.dropFirst(prefix.count).prefix { $0 != "/" }))
        }
        return names.sorted()
    }

    private mutating func rebuild(_ size: Int) {
        slots = Array(repeating: 0, count: size)
        for index in objects.indices { place(index) }
    }

    private mutating func place(_ index: Int) {
        let mask = slots.count - 1
        var slot = Self.hash(objects[index].path.start) & mask
        while slots[slot] != 0 { slot = (slot + 1) & mask }
        slots[slot] = Int32(index + 1)
    }

    /// FNV-1a. Paths are ours, so nobody can choose them to collide.
    private static func hash(_ text: UnsafePointer<CChar>) -> Int {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        var position = text
        while position.pointee != 0 {
            hash = (hash ^ UInt64(UInt8(bitPattern: position.pointee))) &* 0x100_0000_01b3
            position += 1
        }
        return Int(truncatingIfNeeded: hash & 0x7fff_ffff_ffff_ffff)
    }
}

/// An object with its interfaces.
final class ExportedObject {
    let path: CString
    let objectPath: ObjectPath
    let interfaces: [ExportedInterface]
    let isObjectManager: Bool
    /// Properties that changed in this turn of the loop, by interface, in the order in which they changed.
    var changed: [(interface: ExportedInterface, properties: [InterfaceTable.PropertyEntry])] = []

    init(_ path: ObjectPath, _ interfaces: [ExportedInterface], isObjectManager: Bool) {
        self.path = CString(path.text)
        objectPath = path
        self.interfaces = interfaces
        self.isObjectManager = isObjectManager
    }

    /// Appends `a{sa{sv}}`: the own interfaces with their properties' values.
    func appendInterfaces(to writer: inout MessageWriter) {
        writer.array { entries in
            for interface in interfaces {
                entries.dictionaryEntry { entry in
                    entry.string(interface.table.name.text)
                    interface.appendProperties(to: &entry)
                }
            }
        }
    }
}
