// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

// Leaves a function out of its list.
#include "module.h"

MODULE(.C_OpenSession = NULL)
