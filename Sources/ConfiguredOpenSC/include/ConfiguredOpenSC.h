// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

// A PKCS#11 module for the bench: loaded by a path, which its user copies it to; nothing else knows it.
#pragma once

/// Gives OpenSC's functions; a CK_RV and a CK_FUNCTION_LIST_PTR_PTR of PKCS#11.
unsigned long C_GetFunctionList(void **list);
