// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

// What Swift's Glibc module leaves out of the kernel's calls and a card's thread needs.
#pragma once
#include <sys/eventfd.h>
#include <sys/inotify.h>
