// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

// The answer of every server in this benchmark: three certificates, as eonayd would give with three cards.

#pragma once
#include <stdint.h>

#define ANSWERS 3
#define OBJECT_PATH "/org/eonay/EOnay1"
#define INTERFACE "org.eonay.EOnay1"

struct answer {
    const char *id;
    const char *holder;
    const char *decision;
    int64_t decided;
    const char *portal;
    int64_t not_after;
    int32_t days_left;
    const char *phase;
};

static const struct answer answers[ANSWERS] = {
    { "3b1f0c5a9e7d24680f1e2d3c4b5a69788796a5b4c3d2e1f00112233445566778", "Şule Örnek", "accepted", 1767225600,
      "https://portal.example", 1798761600, 365, "valid" },
    { "a7c4e1928374655647382910fedcba98765432100123456789abcdef00ff11ee", "İsmail Deneme", "pending", 1767312000,
      "https://portal.example", 1769904000, 30, "renewal-due" },
    { "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff", "Gül Sınama", "none", 0, "", 1735689600, -366,
      "expired" },
};
