// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// Takes values out of key files and keeps account of what is wrong in them.
struct ConfigurationReader {
    /// A line of one of the files.
    struct Line {
        let file: String
        let entry: KeyFile.Entry
    }

    /// The lines of all files, the strongest file first.
    private(set) var lines: [Line] = []
    private var issues: [ConfigurationIssue] = []

    /// The keys of the groups that have fixed ones.
    private static let keys: [String: Set<String>] = [
        "General": ["Locale", "TimeZone"], "Reminders": ["Enabled", "RenewalDays", "Ladder"],
        "Tokens": ["Modules", "Discover", "ListDeadline"], "Prompt": ["Pinentry"], "Notifications": ["Enabled"],
    ]
    private static let renewal = "Renewal"

    init(_ files: [(name: String, contents: [UInt8])]) {
        for (name, contents) in files {
            let file = KeyFile(contents)
            for fault in file.faults { note(name, fault.line, .line(fault.kind)) }
            for group in file.groups where !Self.isKnown(group.name) {
                note(name, group.line, .unknownGroup(group.name))
            }
            let last = Dictionary(file.entries.map { ([$0.group, $0.key], $0.line) }) { $1 }
            for entry in file.entries where Self.isKnown(entry.group) {
                if Self.keys(of: entry.group)?.contains(entry.key) == false {
                    note(name, entry.line, .unknownKey(entry.key, group: entry.group))
                } else if let line = last[[entry.group, entry.key]], line != entry.line {
                    note(name, entry.line, .repeated(entry.key, group: entry.group, line: line))
                } else {
                    lines.append(Line(file: name, entry: entry))
                }
            }
        }
    }

    /// What is wrong, in the order of the files and their lines.
    var allIssues: [ConfigurationIssue] {
        var order: [String] = []
        for issue in issues where !order.contains(issue.file) { order.append(issue.file) }
        return order.flatMap { file in issues.filter { $0.file == file }.sorted { $0.line < $1.line } }
    }

    /// The value of a key: of the first line that has a good one, else `usual`, which a complaint shows as `shown`.
    mutating func value<Value>(
        _ group: String, _ key: String, or usual: Value, shown: ConfigurationProblem.Instead,
        must rule: ConfigurationProblem.Rule, _ parse: (String) -> Value?
    ) -> Value {
        let all = lines.filter { $0.entry.group == group && $0.entry.key == key }
        let good = all.firstIndex { parse($0.entry.value) != nil }
        for line in all[..<(good ?? all.count)] {
            let instead = good.map { .value(all[$0].entry.value) } ?? shown
            note(line.file, line.entry.line, .invalid(key, group: group, rule: rule, instead: instead))
        }
        return good.flatMap { parse(all[$0].entry.value) } ?? usual
    }

    /// The portals in the order in which their groups first have a line.
    mutating func portals() -> [ConfiguredPortal] {
        var portals: [ConfiguredPortal] = []
        var seen: Set<String> = []
        for line in lines where Self.portalName(line.entry.group) != nil && seen.insert(line.entry.group).inserted {
            let group = line.entry.group
            let origin = value(group, "Origin", or: nil, shown: .noPortal, must: .origin) {
                try? Origin($0)
            }
            let caFile = value(group, "CAFile", or: nil, shown: .ofTheSystem, must: .path) {
                ConfigurationValue.path($0)
            }
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

    /// The pages of `[Renewal]`, each part of a name once.
    mutating func renewalPages() -> [RenewalPage] {
        var pages: [RenewalPage] = []
        for line in lines where line.entry.group == Self.renewal {
            guard let address = ConfigurationValue.page(line.entry.value) else {
                note(line.file, line.entry.line, .invalidPage(line.entry.key, group: Self.renewal))
                continue
            }
            if !pages.contains(where: { $0.issuerPart == line.entry.key }) {
                pages.append(RenewalPage(issuerPart: line.entry.key, address: address))
            }
        }
        return pages
    }

    private mutating func note(_ file: String, _ line: Int, _ problem: ConfigurationProblem) {
        issues.append(ConfigurationIssue(file: file, line: line, problem: problem))
    }

    private static func isKnown(_ group: String) -> Bool { group == renewal || keys(of: group) != nil }

    private static func keys(of group: String) -> Set<String>? {
        portalName(group) == nil ? keys[group] : ["Origin", "CAFile"]
    }

    /// NAME of `Portal "NAME"`.
    private static func portalName(_ group: String) -> String? {
        let prefix = "Portal \""
        guard group.hasPrefix(prefix), group.hasSuffix("\"") else { return nil }
        let name = group.dropFirst(prefix.count).dropLast()
        return name.isEmpty || name.contains("\"") ? nil : String(name)
    }
}
