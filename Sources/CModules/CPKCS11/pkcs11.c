// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

// The door is a header; a C target needs a source file.
#include "shim.h"
