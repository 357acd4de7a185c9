// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

// pcsclite.h asks for <wintypes.h>, which Debian keeps in the PCSC folder.
#pragma once
#include <PCSC/wintypes.h>
