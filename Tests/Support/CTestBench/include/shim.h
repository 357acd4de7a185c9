// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

// Nothing to call: testbench.c does its work before main.
#pragma once
