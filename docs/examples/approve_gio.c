// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

// Gives E-Onay with the one certificate that can do it, and waits for the end. The service asks for the PIN in a window of its own.
// cc approve_gio.c $(pkg-config --cflags --libs gio-2.0)
#include <gio/gio.h>

#define NAME "org.eonay.EOnay1"

struct approval {
    const char *path;
    char *result;
    GMainLoop *loop;
};

static void completed(
    GDBusConnection *bus, const char *sender, const char *path, const char *interface, const char *signal,
    GVariant *arguments, void *data) {
    (void)bus, (void)sender, (void)interface, (void)signal;
    struct approval *approval = data;
    const char *error, *message;
    // Other programs' approvals end as well.
    if (!g_str_equal(path, approval->path)) return;
    g_variant_get(arguments, "(s&s&s)", &approval->result, &error, &message);
    g_print("%s %s %s\n", approval->result, error, message);
    g_main_loop_quit(approval->loop);
}

int main(void) {
    GError *error = NULL;
    struct approval approval = {.loop = g_main_loop_new(NULL, FALSE)};
    GDBusConnection *bus = g_bus_get_sync(G_BUS_TYPE_SESSION, NULL, &error);
    if (bus == NULL) g_error("%s", error->message);
    // Before the call, so that no end is missed.
    g_dbus_connection_signal_subscribe(
        bus, NAME, NAME ".Approval", "Completed", NULL, NULL, G_DBUS_SIGNAL_FLAGS_NONE, completed, &approval, NULL);
    GVariant *answer = g_dbus_connection_call_sync(
        bus, NAME, "/org/eonay/EOnay1", NAME, "Approve", g_variant_new("(ssa{sv})", "", "accept", NULL),
        G_VARIANT_TYPE("(o)"), G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
    if (answer == NULL) {
        // The name is for programs, such as org.eonay.EOnay1.Error.NoCertificate; the sentence is for people.
        char *name = g_dbus_error_get_remote_error(error);
        g_dbus_error_strip_remote_error(error);
        g_printerr("%s: %s\n", name, error->message);
        return 1;
    }
    g_variant_get(answer, "(&o)", &approval.path);
    g_main_loop_run(approval.loop);
    return g_str_equal(approval.result, "recorded") ? 0 : 1;
}
