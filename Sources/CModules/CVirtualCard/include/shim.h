// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

// Kernel calls that a card's thread needs and that Swift's Glibc module leaves out.
#pragma once
#include <sys/eventfd.h>
#include <sys/inotify.h>
