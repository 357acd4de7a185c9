// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import CommandLineClient
import Glibc

exit(Client.run(CommandLine.arguments))
