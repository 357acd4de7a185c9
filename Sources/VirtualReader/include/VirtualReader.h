// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

// pcscd finds the functions of the virtual reader by their names (PCSC/ifdhandler.h); nothing else calls it.
#pragma once
