// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

// Runs a program and prints how many microseconds it took, and how many of the processor's: `stopwatch exit PROGRAM…` until its end,
// `stopwatch own NAME PROGRAM…` until it owns a name of the session bus; then the program is told to end.

#include <dbus/dbus.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

extern char **environ;

static void fail(const char *what)
{
    fprintf(stderr, "stopwatch: %s\n", what);
    exit(EXIT_FAILURE);
}

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}

// Its output is ignored; its complaints are shown.
static pid_t start(char **program)
{
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    // Nothing that is ignored here (nohup) is ignored there.
    posix_spawnattr_t attributes;
    sigset_t all;
    sigfillset(&all);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
    pid_t pid;
    if (posix_spawn(&pid, program[0], &actions, &attributes, program, environ) != 0) fail("cannot start the program");
    return pid;
}

static double processor_time(pid_t pid, int *status)
{
    struct rusage usage;
    if (wait4(pid, status, 0, &usage) != pid) fail("the program is lost");
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e6
           + (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

static DBusConnection *watch(const char *name)
{
    char rule[400];
    snprintf(rule, sizeof rule,
             "type='signal',sender='org.freedesktop.DBus',member='NameOwnerChanged',arg0='%s'", name);
    DBusConnection *connection = dbus_bus_get_private(DBUS_BUS_SESSION, NULL);
    if (connection == NULL) fail("no session bus");
    DBusError error = DBUS_ERROR_INIT;
    dbus_bus_add_match(connection, rule, &error);
    if (dbus_error_is_set(&error)) fail(error.message);
    return connection;
}

static void wait_for_owner(DBusConnection *connection)
{
    while (dbus_connection_read_write(connection, -1)) {
        for (DBusMessage *message; (message = dbus_connection_pop_message(connection)) != NULL;) {
            bool is_owned = dbus_message_is_signal(message, DBUS_INTERFACE_DBUS, "NameOwnerChanged");
            dbus_message_unref(message);
            if (is_owned) return;
        }
    }
    fail("the bus is gone");
}

int main(int argc, char **argv)
{
    bool until_exit = argc > 2 && strcmp(argv[1], "exit") == 0, until_owned = argc > 3 && strcmp(argv[1], "own") == 0;
    if (!until_exit && !until_owned) fail("usage: stopwatch exit PROGRAM… | own NAME PROGRAM…");
    DBusConnection *connection = until_owned ? watch(argv[2]) : NULL;
    double before = now(), elapsed;
    pid_t pid = start(argv + (until_owned ? 3 : 2));
    int status;
    if (until_owned) {
        wait_for_owner(connection);
        elapsed = now() - before;
        kill(pid, SIGTERM);
    }
    double used = processor_time(pid, &status);
    if (until_exit) elapsed = now() - before;
    if (until_exit && status != 0) fail("the program failed");
    printf("%.1f %.1f\n", elapsed, used);
    return EXIT_SUCCESS;
}
