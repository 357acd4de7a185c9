// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

extension DesktopConfiguration {
    /// Reads the configuration from files, the strongest first, and lists the mistakes in them.
    ///
    /// A key counts in the first file that has it right: a wrong line counts as if it were missing. Portals, issuers and renewal pages come
    /// in the order of the files and of their lines.
    public static func read(
        _ files: [(name: String, contents: [UInt8])]
    ) -> (configuration: DesktopConfiguration, issues: [ConfigurationIssue]) {
        var reader = ConfigurationReader(files)
        return (reader.configuration(), reader.allIssues)
    }
}

/// Takes the values out of key files and collects the mistakes in them.
struct ConfigurationReader {
    /// A line of one of the files.
    private struct Line {
        let file: String
        let entry: KeyFile.Entry
    }

    /// The lines of all files, the strongest file first.
    private var lines: [Line] = []
    /// The lines that count.
    private var counting: [Line] = []
    private var issues: [ConfigurationIssue] = []

    private let keys = DesktopConfiguration.keys
    private static let renewal = "Renewal"

    init(_ files: [(name: String, contents: [UInt8])]) {
        for (name, contents) in files {
            let file = KeyFile(contents)
            for fault in file.faults { note(name, fault.line, .line(fault.kind)) }
            for group in file.groups where !isKnown(group.name) {
                note(name, group.line, .unknownGroup(group.name))
            }
            let last = Dictionary(file.entries.map { ([$0.group, $0.key], $0.line) }) { $1 }
            for entry in file.entries where isKnown(entry.group) {
                if entry.group != Self.renewal, key(entry.group, entry.key) == nil {
                    note(name, entry.line, .unknownKey(entry.key, group: entry.group))
                } else if let line = last[[entry.group, entry.key]], line != entry.line {
                    note(name, entry.line, .repeated(entry.key, group: entry.group, line: line))
                } else {
                    lines.append(Line(file: name, entry: entry))
                }
            }
        }
    }

    /// The mistakes, in the order of the files and their lines.
    var allIssues: [ConfigurationIssue] {
        var order: [String] = []
        for issue in issues where !order.contains(issue.file) { order.append(issue.file) }
        return order.flatMap { file in issues.filter { $0.file == file }.sorted { $0.line < $1.line } }
    }

    /// Reads everything. To be called once.
    mutating func configuration() -> DesktopConfiguration {
        var result = DesktopConfiguration()
        applyKeys(to: &result)
        result.portals = portals()
        readIssuers(into: &result)
        result.renewalPages = renewalPages() + RenewalPage.known
        return result
    }

    /// What holds, once the configuration has been read.
    func entries(of configuration: DesktopConfiguration) -> [ConfigurationEntry] {
        let named = [
            DesktopConfiguration.portalGroup: configuration.portals.map { "Portal \"\($0.name)\"" },
            DesktopConfiguration.issuerGroup: configuration.ownIssuers.map { "Issuer \"\($0.issuer)\"" },
        ].filter { !$1.isEmpty }
        var entries: [ConfigurationEntry] = []
        for (place, key) in keys.enumerated() where place == 0 || key.group != keys[place - 1].group {
            for group in named[key.group] ?? [key.group] {
                entries += keys.filter { $0.group == key.group }.map { entry($0.name, group, $0.usual, $0.sentence) }
            }
            guard key.group == DesktopConfiguration.portalGroup else { continue }
            var parts: Set<String> = []
            for page in configuration.renewalPages where parts.insert(page.issuerPart).inserted {
                let known = RenewalPage.known.first { $0.issuerPart == page.issuerPart }
                let usual = known.map { ConfigurationProblem.Instead.value($0.address) } ?? .none
                entries.append(entry(page.issuerPart, Self.renewal, usual, DesktopConfiguration.renewalSentence))
            }
        }
        return entries
    }

    private func entry(
        _ name: String, _ group: String, _ usual: ConfigurationProblem.Instead, _ sentence: String
    ) -> ConfigurationEntry {
        let line = counting.first { $0.entry.group == group && $0.entry.key == name }
        return ConfigurationEntry(
            group: group, name: name, value: line.map { .value($0.entry.value) } ?? usual, usual: usual,
            place: line.map { .init(file: $0.file, line: $0.entry.line) }, sentence: sentence)
    }

    /// Reads every key of the table but those of groups with a name.
    private mutating func applyKeys(to configuration: inout DesktopConfiguration) {
        for key in keys
        where key.group != DesktopConfiguration.portalGroup && key.group != DesktopConfiguration.issuerGroup {
            _ = value(key, in: key.group) { key.apply(&configuration, $0) ? true : nil }
        }
    }

    /// The value of the first line that has a good one; the lines before it are noted as wrong.
    private mutating func value<Value>(
        _ key: ConfigurationKey<DesktopConfiguration>, in group: String, _ parse: (String) -> Value?
    ) -> Value? {
        var wrong: [Line] = []
        var (found, instead) = (Value?.none, key.usual)
        for line in lines where line.entry.group == group && line.entry.key == key.name {
            found = parse(line.entry.value)
            if found != nil {
                instead = .value(line.entry.value)
                counting.append(line)
                break
            }
            wrong.append(line)
        }
        for line in wrong {
            note(line.file, line.entry.line, .invalid(key.name, group: group, rule: key.rule, instead: instead))
        }
        return found
    }

    /// The portals in the order in which their groups first have a line.
    private mutating func portals() -> [ConfiguredPortal] {
        var portals: [ConfiguredPortal] = []
        var seen: Set<String> = []
        for line in lines where Self.portalName(line.entry.group) != nil && seen.insert(line.entry.group).inserted {
            let group = line.entry.group
            let origin = key(group, "Origin").flatMap { value($0, in: group) { try? Origin($0) } }
            let caFile = key(group, "CAFile").flatMap { value($0, in: group, ConfigurationValue.path) }
            guard let origin else {
                if !lines.contains(where: { $0.entry.group == group && $0.entry.key == "Origin" }) {
                    note(line.file, line.entry.line, .noOrigin(group: group))
                }
                continue
            }
            if portals.contains(where: { $0.origin == origin }) {
                note(line.file, line.entry.line, .repeatedOrigin(group: group))
            } else {
                portals.append(
                    ConfiguredPortal(name: Self.portalName(group) ?? group, origin: origin, caFile: caFile))
            }
        }
        return portals
    }

    /// The issuers in the order in which their groups first have a line.
    private mutating func readIssuers(into configuration: inout DesktopConfiguration) {
        var seen: Set<String> = []
        for group in lines.map(\.entry.group) {
            guard let part = Self.name("Issuer", of: group), seen.insert(group).inserted else { continue }
            configuration.ownIssuers.append(IssuerProfile(part))
            for key in keys where key.group == DesktopConfiguration.issuerGroup {
                _ = value(key, in: group) { key.apply(&configuration, $0) ? true : nil }
            }
        }
    }

    /// The pages of `[Renewal]`, each part of a name once.
    private mutating func renewalPages() -> [RenewalPage] {
        var pages: [RenewalPage] = []
        for line in lines where line.entry.group == Self.renewal {
            guard let address = ConfigurationValue.page(line.entry.value) else {
                note(line.file, line.entry.line, .invalidPage(line.entry.key, group: Self.renewal))
                continue
            }
            if !pages.contains(where: { $0.issuerPart == line.entry.key }) {
                pages.append(RenewalPage(issuerPart: line.entry.key, address: address))
                counting.append(line)
            }
        }
        return pages
    }

    private mutating func note(_ file: String, _ line: Int, _ problem: ConfigurationProblem) {
        issues.append(ConfigurationIssue(file: file, line: line, problem: problem))
    }

    private func isKnown(_ group: String) -> Bool {
        group == Self.renewal || keys.contains { $0.group == Self.tableGroup(group) }
    }

    private func key(_ group: String, _ name: String) -> ConfigurationKey<DesktopConfiguration>? {
        keys.first { $0.group == Self.tableGroup(group) && $0.name == name }
    }

    /// The group as the table names it.
    private static func tableGroup(_ group: String) -> String {
        if portalName(group) != nil { return DesktopConfiguration.portalGroup }
        return name("Issuer", of: group) != nil ? DesktopConfiguration.issuerGroup : group
    }

    private static func portalName(_ group: String) -> String? { name("Portal", of: group) }

    /// NAME of `KIND "NAME"`.
    private static func name(_ kind: String, of group: String) -> String? {
        let prefix = "\(kind) \""
        guard group.hasPrefix(prefix), group.hasSuffix("\"") else { return nil }
        let name = group.dropFirst(prefix.count).dropLast()
        return name.isEmpty || name.contains("\"") ? nil : String(name)
    }
}
