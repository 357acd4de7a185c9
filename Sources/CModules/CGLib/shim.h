// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

#pragma once
#include <glib-object.h>
#include <glib-unix.h>
#include <glib.h>
