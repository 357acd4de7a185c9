// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

#pragma once
// By its whole path below /usr/include: p11-kit's pkg-config file would link libp11-kit, of which only this header is used.
#include <p11-kit-1/p11-kit/pkcs11.h>
