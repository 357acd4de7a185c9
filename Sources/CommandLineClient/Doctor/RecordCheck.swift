// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Glibc
import SystemBasics
import Texts

/// Whether decisions can be kept on this computer's disk: the folder, its mode, room, and locks.
///
/// It is tried as the service does it, with a file that is written, synced and locked, and gone afterwards.
struct RecordCheck: Check {
    let topic = Topic.record
    let limit: Duration = .seconds(6)

    func look(_ examination: Examination) async -> [Finding] {
        if let state = examination.facts.service?.recordState, !state.isEmpty, state != "kept" {
            let findings = await tried(examination).filter { $0.state != .fine }
            guard findings.isEmpty else { return findings }
            return [
                Finding(
                    .recordUnkept, .fault,
                    .text(Texts.marked("The service cannot keep the record now.")),
                    remedy: .text(
                        Texts.marked(
                            "Another service of yours or a newer version may keep it; the log of this one says which:")),
                    command: Command("journalctl --user -u eonayd"))
            ]
        }
        return await tried(examination)
    }

    private func tried(_ examination: Examination) async -> [Finding] {
        let folder = examination.surroundings.folder("XDG_STATE_HOME", otherwise: ".local/state") + "/eonay"
        return await examination.blocking(.seconds(5)) { Self.look(at: folder) } ?? [noAnswer]
    }

    /// Blocks for as long as the disk does.
    static func look(at folder: String) -> [Finding] {
        var status = stat()
        let exists = stat(folder, &status) == 0
        // The service makes a folder that is not there yet; the one above says whether it can.
        var place = folder
        while !Files.exists(place), !place.isEmpty, place != "/" { place = Files.parent(of: place) }
        if exists, status.st_uid != geteuid() { return [failed(EACCES, folder)] }
        do throws(SystemError) { try tryToKeep(in: place) } catch { return [failed(error.code, place)] }
        if exists, status.st_mode & 0o077 != 0 {
            return [
                Finding(
                    .recordOpen, .warning,
                    .text(Texts.marked("Others may look into the folder of the record, %1."), [.path(folder)]),
                    command: Command("chmod 700 \(Mask.withoutHome(folder))"))
            ]
        }
        return [Finding(.recordGood, .fine, .text(Texts.marked("Decisions can be kept in %1."), [.path(folder)]))]
    }

    /// Room for a few approvals, and locks of both kinds that the record needs (flock(2), fcntl(2)).
    private static func tryToKeep(in folder: String) throws(SystemError) {
        let path = "\(folder)/.eonay-doctor-\(getpid())"
        let file = try Files.open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, mode: 0o600)
        defer { unlink(path) }
        try Files.write([UInt8](repeating: 0x20, count: 1 << 17), to: file.number)
        try SystemError.check(fsync(file.number), "fsync")
        try SystemError.check(flock(file.number, LOCK_EX | LOCK_NB), "flock")
        var range = flock()
        (range.l_type, range.l_whence) = (Int16(F_WRLCK), Int16(SEEK_SET))
        try SystemError.check(fcntl(file.number, F_SETLK, &range), "fcntl")
    }

    private static func failed(_ code: Int32, _ folder: String) -> Finding {
        let at = [Phrase.Argument.path(folder)]
        switch code {
        case EROFS:
            return Finding(
                .recordReadOnly, .fault, .text(Texts.marked("The disk with %1 can only be read."), at),
                remedy: .text(Texts.marked("Have it mounted so that it can be written.")))
        case ENOSPC, EDQUOT:
            return Finding(
                .recordFull, .fault, .text(Texts.marked("The disk with %1 is full."), at),
                remedy: .text(Texts.marked("Make room in your home folder.")), command: Command("du -sh ~/* | sort -h"))
        case ENOLCK, EOPNOTSUPP, ENOSYS:
            return Finding(
                .recordWithoutLocks, .fault,
                .text(Texts.marked("The file system with %1 has no locks."), at),
                remedy: .text(
                    Texts.marked("Have it mounted with locks, or put the record on a local disk: FILES in eonayd(8).")))
        default:
            return Finding(
                .recordUnwritable, .fault,
                .text(Texts.marked("Nothing can be written in %1: %2"), at + [.plain(String(cString: strerror(code)))]),
                remedy: .text(Texts.marked("Make it your own, so that you can write there.")),
                command: Command("ls -ld \(Mask.withoutHome(folder))"))
        }
    }
}
