// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

// Nothing is wrong with this one, but for its certificate.
#include "module.h"

MODULE(.version = {2, 40})
