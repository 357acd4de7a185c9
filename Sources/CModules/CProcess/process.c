// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

#define _GNU_SOURCE
#include "shim.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

int cprocess_forbid_dumps(void) { return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); }

int cprocess_leave_terminal(void) {
    int terminal = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
    // Nothing to leave is what was wanted.
    if (terminal < 0) return errno == ENXIO || errno == ENOENT ? 0 : -1;
    int result = ioctl(terminal, TIOCNOTTY);
    close(terminal);
    return result;
}

int cprocess_is_terminal_master(int descriptor) {
    unsigned number;
    // Answered by masters alone (ioctl_tty(2)); those of BSD's kind have a major number of their own (Linux' devices.txt).
    if (ioctl(descriptor, TIOCGPTN, &number) == 0) return 1;
    struct stat status;
    return fstat(descriptor, &status) == 0 && S_ISCHR(status.st_mode) && major(status.st_rdev) == 2;
}

int cprocess_timer(int64_t milliseconds) {
    int timer = timerfd_create(CLOCK_BOOTTIME, TFD_CLOEXEC | TFD_NONBLOCK);
    if (timer < 0) return -1;
    // A zero would disarm it; what is due now is due in a nanosecond.
    struct itimerspec when = {.it_value = {.tv_sec = milliseconds / 1000, .tv_nsec = milliseconds % 1000 * 1000000 + 1}};
    if (timerfd_settime(timer, 0, &when, NULL) == 0) return timer;
    int error = errno;
    close(timer);
    errno = error;
    return -1;
}

int cprocess_pending_signals(const sigset_t *signals) { return signalfd(-1, signals, SFD_CLOEXEC | SFD_NONBLOCK); }

int64_t cprocess_timer_left(int timer) {
    struct itimerspec left;
    if (timerfd_gettime(timer, &left) != 0) return 0;
    return (int64_t)left.it_value.tv_sec * 1000 + left.it_value.tv_nsec / 1000000;
}
