// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

#pragma once
#include <elf.h>
#include <malloc.h>
#include <sys/auxv.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>

/* Memory with these bytes, which nobody can change any more, or -1 and errno. */
int clinux_sealed_memory(const void *bytes, size_t count);
/* Sends an empty message with a descriptor on a connected socket, without waiting. 0, or -1 and errno. */
int clinux_send_descriptor(int socket, int descriptor);

/* prctl is variadic, and Swift calls no variadic C function. */
void clinux_set_thread_name(const char *name);

/* In microseconds; -1 where the system does not say. <sys/timex.h> has its structures from other headers, too, hence a function. */
long clinux_largest_clock_error(void);
