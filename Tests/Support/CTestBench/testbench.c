// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

#include "shim.h"
#include <stdlib.h>

// The time limit of a test begins when the test begins. Where hundreds begin at once, the last ones wait most of that time for the
// processors, so only a few run beside each other. swift-testing reads this after the constructors have run.
__attribute__((constructor)) static void run_a_few_tests_at_once(void) {
    setenv("SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH", "8", 0);
}
