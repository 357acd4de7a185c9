// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import PortalContract
import SystemBasics
import Texts

extension Console {
    /// A line for each finding, its remedy below it, and at the end what it all means.
    func print(_ diagnosis: Diagnosis, on distribution: Distribution) {
        if isJSON { return print(diagnosis.json(texts, distribution)) }
        for line in diagnosis.lines(texts, distribution, width: output.width, inColour: output.hasColour) {
            print(line)
        }
    }
}

extension Diagnosis {
    /// The documented form.
    func json(_ texts: Texts, _ distribution: Distribution) -> JSON {
        [
            "approvable": .bool(isApprovable), "distribution": .string(distribution.family.rawValue),
            "findings": .array(findings.map { $0.json(texts, distribution) }),
        ]
    }

    /// - Parameter isPublic: for a report: with the stable words, and without what is personal.
    func lines(
        _ texts: Texts, _ distribution: Distribution, width: Int?, inColour: Bool, isPublic: Bool = false
    ) -> [String] {
        let margin = 2 + (Topic.allCases.map { DisplayWidth.of($0.label(texts)) }.max() ?? 0) + 2
        let room = width.map { max(20, $0 - margin) } ?? .max
        var lines: [String] = []
        var topic: Topic?
        for finding in findings {
            let label = finding.topic == topic ? "" : finding.topic.label(texts)
            topic = finding.topic
            let pad = String(repeating: " ", count: margin - 2 - DisplayWidth.of(label))
            let head =
                finding.mark.shown(inColour: inColour) + " " + Cell(label, .strong).shown(inColour: inColour) + pad
            let indent = String(repeating: " ", count: margin)
            let code = isPublic ? " [\(finding.code)]" : ""
            let sentence = DisplayWidth.wrapped(finding.sentence.said(texts, isPublic: isPublic) + code, to: room)
            lines.append(head + (sentence.first ?? ""))
            lines += sentence.dropFirst().map { indent + $0 }
            guard finding.state != .fine else { continue }
            if let remedy = finding.remedy?.said(texts, isPublic: isPublic) {
                lines += DisplayWidth.wrapped(remedy, to: room).map { indent + $0 }
            }
            // Whole, so that it can be copied, however wide it is.
            if let command = finding.command?.on(distribution.family) {
                lines.append(indent + Cell("$ " + command, .strong).shown(inColour: inColour))
            }
        }
        return lines + [""] + DisplayWidth.wrapped(conclusion(texts), to: width ?? .max)
    }

    private func conclusion(_ texts: Texts) -> String {
        if isApprovable { return texts.text("E-Onay could be given now.") }
        return obstacles == 0
            ? texts.text("Whether E-Onay could be given now is not known.")
            : texts.text(
                "E-Onay cannot be given now: %1 thing stands in the way.",
                plural: "E-Onay cannot be given now: %1 things stand in the way.", count: obstacles)
    }
}

extension Finding {
    fileprivate var mark: Cell {
        switch state {
        case .fine: Cell("✓", .good)
        case .warning: Cell("!", .warning)
        case .fault: Cell("✗", .bad)
        case .unknown: Cell("?", .faint)
        }
    }

    fileprivate func json(_ texts: Texts, _ distribution: Distribution) -> JSON {
        [
            "topic": .string(topic.rawValue), "code": .string(code), "state": .string(state.rawValue),
            "sentence": .string(sentence.said(texts)), "remedy": .optional(remedy?.said(texts) ?? ""),
            "command": .optional(command?.on(distribution.family) ?? ""),
        ]
    }
}
