// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

public import Bus
public import Cards
public import EOnayCore
public import EventLoops
public import Store
public import Texts

/// The service's parts. `eonayd`'s wiring makes the live ones, a test its own.
public struct ServiceParts: Sendable {
    /// The loop on which service and bus live.
    public var loop: EventLoop
    /// The session bus, open.
    public var bus: Connection
    /// Opens the system bus, for logind; nil where there is none to be used.
    public var systemBus: (@Sendable () async -> Connection?)?
    public var alarm: any Alarm
    /// Not yet open.
    public var store: Store
    public var cards: any CardWatcher
    public var jobs: any JobLauncher
    public var notices: any NotificationPresenter
    public var configuration: DesktopConfiguration
    /// Where it comes from, to be taken up again when it changes; nil: it stays.
    public var configurationSource: (any ConfigurationSource)?
    /// The mistakes in its files.
    public var configurationIssues: [ConfigurationIssue] = []
    public var texts: Texts
    public var log: Log
    /// The value of `Version`.
    public var version: String
    /// Where windows can be seen, as the service's own environment says.
    public var ownDisplay = SessionDisplay()
    /// How long jobs are waited for.
    public var patience = ApprovalPatience()

    public init(
        loop: EventLoop, bus: Connection, systemBus: (@Sendable () async -> Connection?)?, alarm: any Alarm,
        store: Store,
        cards: any CardWatcher, jobs: any JobLauncher, notices: any NotificationPresenter,
        configuration: DesktopConfiguration,
        texts: Texts, log: Log, version: String
    ) {
        self.loop = loop
        self.bus = bus
        self.systemBus = systemBus
        self.alarm = alarm
        self.store = store
        self.cards = cards
        self.jobs = jobs
        self.notices = notices
        self.configuration = configuration
        self.texts = texts
        self.log = log
        self.version = version
    }
}
