// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

#pragma once
#include <signal.h>
#include <stdint.h>
#include <sys/types.h>

// Each of them answers -1 and sets errno where it fails.

/// No core file, no debugger, no reading of /proc/self/mem by others: prctl is variadic, so invisible to Swift.
int cprocess_forbid_dumps(void);

/// Gives up the controlling terminal, which job control would otherwise let stop us: ioctl is variadic.
int cprocess_leave_terminal(void);

/// 1 for the master of a pseudo terminal, 0 for any other descriptor: ioctl is variadic.
int cprocess_is_terminal_master(int descriptor);

/// A descriptor that becomes readable that many milliseconds from now, time asleep included (CLOCK_BOOTTIME).
int cprocess_timer(int64_t milliseconds);

/// A descriptor that is readable while one of these blocked signals is pending.
int cprocess_pending_signals(const sigset_t *signals);

/// Milliseconds until that timer's descriptor becomes readable; 0 once it is.
int64_t cprocess_timer_left(int timer);
