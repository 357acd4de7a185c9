// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

// The common part of this folder's programs: failing, clocks, numbers.

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

__attribute__((noreturn, format(printf, 1, 2))) static void fail(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fprintf(stderr, "%s: ", program_invocation_short_name);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    exit(EXIT_FAILURE);
}

static double nanoseconds(clockid_t clock)
{
    struct timespec time;
    if (clock_gettime(clock, &time) != 0) fail("a process that is measured has gone");
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static double now(void) { return nanoseconds(CLOCK_MONOTONIC); }

static long number(const char *word, long least, long most)
{
    char *end;
    long value = strtol(word, &end, 10);
    if (end == word || *end != '\0' || value < least || value > most) fail("%s is no number from %ld to %ld", word, least, most);
    return value;
}

static int compare(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

// Sorts the values; the share is 0.5 for the median.
static double quantile(double *values, long count, double share)
{
    qsort(values, (size_t)count, sizeof *values, compare);
    return values[(long)(share * (double)(count - 1))];
}
