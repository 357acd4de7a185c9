// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

// Calls a method COUNT times, DEPTH calls at a time, and prints calls per second and the server's CPU microseconds per call.

#include "answers.h"
#include <dbus/dbus.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static DBusConnection *connection;
static const char *destination, *method;
static long to_send, to_receive;

static void fail(const char *what)
{
    fprintf(stderr, "load: %s\n", what);
    exit(EXIT_FAILURE);
}

static void answered(DBusPendingCall *pending, void *data);

static void send_one(void)
{
    DBusMessage *call = dbus_message_new_method_call(destination, OBJECT_PATH, INTERFACE, method);
    DBusPendingCall *pending = NULL;
    if (!dbus_connection_send_with_reply(connection, call, &pending, -1) || pending == NULL) fail("cannot send");
    dbus_pending_call_set_notify(pending, answered, NULL, NULL);
    dbus_message_unref(call);
    to_send--;
}

static void answered(DBusPendingCall *pending, void *data)
{
    (void)data;
    DBusMessage *reply = dbus_pending_call_steal_reply(pending);
    if (dbus_message_get_type(reply) != DBUS_MESSAGE_TYPE_METHOD_RETURN) fail(dbus_message_get_error_name(reply));
    dbus_message_unref(reply);
    dbus_pending_call_unref(pending);
    to_receive--;
    if (to_send > 0) send_one();
}

// Nanoseconds that all threads of a process have run (schedstat counts them exactly; stat only in ticks).
static double cpu(dbus_uint32_t process)
{
    char path[300];
    double sum = 0;
    snprintf(path, sizeof path, "/proc/%u/task", process);
    DIR *tasks = opendir(path);
    if (tasks == NULL) fail("the server has gone");
    for (struct dirent *task; (task = readdir(tasks)) != NULL;) {
        if (task->d_name[0] == '.') continue;
        snprintf(path, sizeof path, "/proc/%u/task/%s/schedstat", process, task->d_name);
        FILE *file = fopen(path, "r");
        double ran = 0;
        if (file == NULL || fscanf(file, "%lf", &ran) != 1) fail("no schedstat");
        fclose(file);
        sum += ran;
    }
    closedir(tasks);
    return sum;
}

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static dbus_uint32_t process_of(const char *name)
{
    dbus_uint32_t process = 0;
    DBusMessage *call = dbus_message_new_method_call(DBUS_SERVICE_DBUS, DBUS_PATH_DBUS, DBUS_INTERFACE_DBUS,
                                                     "GetConnectionUnixProcessID");
    dbus_message_append_args(call, DBUS_TYPE_STRING, &name, DBUS_TYPE_INVALID);
    DBusMessage *reply = dbus_connection_send_with_reply_and_block(connection, call, -1, NULL);
    if (reply == NULL || !dbus_message_get_args(reply, NULL, DBUS_TYPE_UINT32, &process, DBUS_TYPE_INVALID))
        fail("nobody has that name");
    dbus_message_unref(reply);
    dbus_message_unref(call);
    return process;
}

int main(int argc, char **argv)
{
    if (argc != 5) fail("usage: load NAME METHOD DEPTH COUNT");
    destination = argv[1];
    method = argv[2];
    long depth = strtol(argv[3], NULL, 10), count = strtol(argv[4], NULL, 10);
    if (depth < 1 || count < depth) fail("COUNT must be at least DEPTH, and that at least 1");
    connection = dbus_bus_get_private(DBUS_BUS_SESSION, NULL);
    if (connection == NULL) fail("no session bus");
    dbus_uint32_t process = process_of(destination);
    to_send = to_receive = count;
    double cpu_before = cpu(process), before = now();
    for (long i = 0; i < depth; i++) send_one();
    while (to_receive > 0 && dbus_connection_read_write_dispatch(connection, -1)) { }
    double elapsed = now() - before, used = cpu(process) - cpu_before;
    printf("%.0f %.2f\n", (double)count / (elapsed / 1e9), used / 1e3 / (double)count);
    return EXIT_SUCCESS;
}
