// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Glibc

exit(Daemon.run(CommandLine.arguments))
