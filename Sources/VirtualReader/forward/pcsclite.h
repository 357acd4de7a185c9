// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

// ifdhandler.h asks for <pcsclite.h>, which Debian keeps in the PCSC folder.
#pragma once
#include <PCSC/pcsclite.h>
