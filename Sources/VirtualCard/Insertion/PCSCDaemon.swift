// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// The way in which a private pcscd is started.
public enum PCSCDaemon {
    /// Becomes pcscd in the foreground: for `sh -c`, with the program and the folder of its readers' configuration as $0 and $1.
    ///
    /// From version 2 on, pcscd asks polkit about each client, and refuses everybody where polkit does not run. Older ones do not
    /// know the option.
    public static let shellCommand = #"""
        case $("$0" --help 2>&1) in *--disable-polkit*) set -- "$@" --disable-polkit ;; esac
        exec "$0" --foreground --config "$@"
        """#
}
