// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import EventLoops

extension Connection {
    /// Puts an object on the bus; an object manager above it emits `InterfacesAdded`.
    ///
    /// The standard interfaces (Introspectable, Peer, Properties; with `objectManager`, ObjectManager for all objects below the path)
    /// come by themselves. May be done before the connection is open. Within a handler, signals go out after its answer.
    /// Throws `Failed` if there is an object at the path already. For the loop's thread.
    public nonisolated func export(
        at path: ObjectPath, _ interfaces: [Interface], objectManager: Bool = false
    ) throws(BusError) {
        loop.checkIsolated()
        guard core.objects.object(at: path) == nil else { throw .failed("there is an object at \(path) already") }
        let exported = interfaces.map { ExportedInterface(core.table(of: $0.type), $0) }
        core.export(ExportedObject(path, exported, isObjectManager: objectManager))
    }

    /// Takes an object from the bus; an object manager above it emits `InterfacesRemoved`. False if there is none. For the loop's
    /// thread.
    @discardableResult
    public nonisolated func unexport(_ path: ObjectPath) -> Bool {
        loop.checkIsolated()
        guard let object = core.objects.object(at: path) else { return false }
        core.unexport(object)
        return true
    }

    /// Signals that properties have changed: at the end of this turn of the loop, all of an interface in one signal, with the values
    /// that the getters give then. Does nothing where there is no such object or interface, nor for properties that are constant. For
    /// the loop's thread.
    public nonisolated func propertiesChanged<I: BusInterface>(
        _ properties: [I.Property], of interface: I.Type, at path: ObjectPath
    ) {
        loop.checkIsolated()
        let changed = properties.filter { !$0.isConstant }
        guard !changed.isEmpty, let object = core.objects.object(at: path),
            let exported = object.interfaces.first(where: { $0.table.type == interface })
        else { return }
        core.changed(changed.compactMap { exported.table.property($0.rawValue) }, of: exported, object)
    }

    /// Calls `handler` on the loop when much has been sent or received, once until ``endBurst()``: a good moment to think of giving
    /// memory back a little later. For the loop's thread.
    public nonisolated func onBurst(_ handler: @escaping @Sendable () -> Void) {
        loop.checkIsolated()
        core.onBurst = handler
    }

    /// From here on a new burst is reported. For the loop's thread.
    public nonisolated func endBurst() {
        loop.checkIsolated()
        core.endBurst()
    }

    /// Sends a signal; changes of the object's properties that wait go first. For the loop's thread.
    ///
    /// Within a handler it goes out after the handler's answer. Throws if not connected or if `body` does not append what the
    /// interface says.
    public nonisolated func emit<I: BusInterface>(
        _ signal: I.Signal, of interface: I.Type, from path: ObjectPath, to destination: String? = nil,
        _ body: (inout MessageWriter) throws -> Void = { _ in }
    ) throws {
        loop.checkIsolated()
        if let object = core.objects.object(at: path) { core.flushChanges(of: object) }
        try core.emit(signal, of: interface, from: path, to: destination, body)
    }
}
