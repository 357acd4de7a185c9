// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import BusContract
import EventLoops

// The bus lives on a thread of its own.
let loop = try EventLoop(name: "bus")
try loop.start()
let bus = Connection(on: loop)
try await bus.open(.session)

// The contract's names are cases, so one that is misspelt does not compile.
let answer = try await bus.call(Contract.busName, Contract.root, ServiceInterface.self, .listCertificates)
for row in answer.first?.elements ?? [] {
    let certificate = PropertyValues<CertificateInterface>(row)
    let days = row[CertificateKey.daysLeft.rawValue]?.int32 ?? 0
    print("\(certificate[.holder]?.string ?? ""): \(certificate[.phase]?.string ?? ""), \(days) days left")
}
await bus.close()
loop.stop()
