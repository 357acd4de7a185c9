// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import Confinement
import EOnayCore
import EventLoops
import JobFrames
import Jobs
import PortalContract
import SystemBasics
import Texts

/// `eonay tokens --diagnose`: what a driver makes of the cards, and what it prints meanwhile, which is thrown away otherwise.
///
/// The job reads the card as the service's own does. No PIN is in it, and what it prints comes out of it bounded and masked.
enum ModuleDiagnosis {
    private static let deadline: Duration = .seconds(30)

    /// The result of one reader.
    struct Finding: Equatable {
        let reader: String
        let error: ErrorName?
        let detail: String
        let certificates: Int
        let isRecognised: Bool
        let printed: [String]
    }

    static func run(_ module: String, _ service: ServiceClient, _ console: Console) async throws {
        var findings: [Finding] = []
        // One job at a time: two of them would meet on a card.
        for reader in try await service.watcher().readers {
            findings.append(try await look(reader, through: module, on: service.bus.loop))
        }
        let (landlock, hasFilter) = (ConfinementSupport.landlock, ConfinementSupport.hasFilter)
        if console.isJSON {
            return console.print([
                "readers": .array(findings.map(\.json)),
                "confinement": ["landlock": .integer(Int64(landlock)), "seccomp": .bool(hasFilter)],
            ])
        }
        let means = (landlock > 0 ? ["Landlock \(landlock)"] : []) + (hasFilter ? ["seccomp"] : [])
        console.print(
            sentence: means.isEmpty
                ? console.texts.text("This kernel cannot confine the driver.")
                : console.texts.text("The driver is confined by %1.", means.joined(separator: ", ")))
        if findings.isEmpty {
            let text = console.texts.error(.noReader)
            return console.print(sentence: "\(text.what) \(text.remedy)")
        }
        for finding in findings {
            console.print(sentence: sentence(finding, console.texts))
            for line in finding.printed { console.print(sentence: "    " + line) }
        }
    }

    private static func look(_ reader: String, through module: String, on loop: EventLoop) async throws -> Finding {
        let request = ListRequest(module: module, reader: Array(reader.utf8), atr: [], identitySalt: [])
        do throws(JobError) {
            var program = try JobProgram.token()
            program.environment = .diagnosis
            let job = try await JobRunner(on: loop).start(program, deadline: deadline, isDiagnosed: true)
            let reply: Result<TokenReply, JobError>
            do throws(JobError) {
                reply = .success(try await Conversation<TokenRequest, TokenReply>(job).ask(.list(request)))
            } catch {
                reply = .failure(error)
            }
            await job.close()
            return Finding(reader, reply, await job.diagnosis())
        } catch {
            throw Failure(.job, detail: error.description)
        }
    }

    private static func sentence(_ finding: Finding, _ texts: Texts) -> String {
        let reader = ShowableText.line(finding.reader)
        if let error = finding.error {
            let text = texts.error(error)
            return "\(reader): \(text.what) (\(ShowableText.line(finding.detail)))"
        }
        guard finding.isRecognised else { return "\(reader): " + texts.text("The driver knows no card here.") }
        return "\(reader): " + texts.text("Certificates that the driver shows: %1", finding.certificates)
    }
}

extension ModuleDiagnosis.Finding {
    init(_ reader: String, _ reply: Result<TokenReply, JobError>, _ printed: [String]) {
        (self.reader, self.printed) = (reader, printed)
        if case .success(.listed(let token)) = reply {
            (error, detail, certificates, isRecognised) = (nil, "", token?.certificates.count ?? 0, token != nil)
            return
        }
        (certificates, isRecognised) = (0, false)
        switch reply {
        case .success(.failed(let failure)): (error, detail) = (failure.name, failure.detail)
        case .success: (error, detail) = (.internal, "")
        case .failure(let failed): (error, detail) = (.tokenFailed, failed.description)
        }
    }

    fileprivate var json: JSON {
        [
            "reader": .string(reader), "error": .optional(error?.rawValue ?? ""), "detail": .optional(detail),
            "recognised": .bool(isRecognised),
            "certificates": .integer(Int64(certificates)), "printed": .texts(printed),
        ]
    }
}
