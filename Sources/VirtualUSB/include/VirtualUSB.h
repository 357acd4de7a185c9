// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

// Loaded before libudev into a private pcscd (LD_PRELOAD), which finds the functions by their names; nothing else does.
#pragma once
