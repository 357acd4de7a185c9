// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

// Answers Status and Expiry with GDBus: a registered object and GLib's main loop.

#include "answers.h"
#include <gio/gio.h>
#include <stdio.h>
#include <stdlib.h>

static const char description[] =
    "<node><interface name='" INTERFACE "'>"
    "<method name='Status'><arg type='a(sssxs)' direction='out'/></method>"
    "<method name='Expiry'><arg type='a(ssxis)' direction='out'/></method>"
    "</interface></node>";

static void call(GDBusConnection *connection, const char *sender, const char *path, const char *interface,
                 const char *method, GVariant *arguments, GDBusMethodInvocation *invocation, void *data)
{
    (void)connection, (void)sender, (void)path, (void)interface, (void)arguments, (void)data;
    GVariantBuilder rows;
    if (g_str_equal(method, "Status")) {
        g_variant_builder_init(&rows, G_VARIANT_TYPE("a(sssxs)"));
        for (int i = 0; i < ANSWERS; i++)
            g_variant_builder_add(&rows, "(sssxs)", answers[i].id, answers[i].holder, answers[i].decision,
                                  (gint64)answers[i].decided, answers[i].portal);
        g_dbus_method_invocation_return_value(invocation, g_variant_new("(a(sssxs))", &rows));
    } else {
        g_variant_builder_init(&rows, G_VARIANT_TYPE("a(ssxis)"));
        for (int i = 0; i < ANSWERS; i++)
            g_variant_builder_add(&rows, "(ssxis)", answers[i].id, answers[i].holder, (gint64)answers[i].not_after,
                                  answers[i].days_left, answers[i].phase);
        g_dbus_method_invocation_return_value(invocation, g_variant_new("(a(ssxis))", &rows));
    }
}

static void bus_acquired(GDBusConnection *connection, const char *name, void *data)
{
    (void)name;
    static const GDBusInterfaceVTable table = { .method_call = call };
    GDBusNodeInfo *node = data;
    if (g_dbus_connection_register_object(connection, OBJECT_PATH, node->interfaces[0], &table, NULL, NULL, NULL) == 0)
        exit(EXIT_FAILURE);
}

static void name_lost(GDBusConnection *connection, const char *name, void *data)
{
    (void)connection, (void)name, (void)data;
    exit(EXIT_FAILURE);
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: server-gdbus NAME\n");
        return EXIT_FAILURE;
    }
    GDBusNodeInfo *node = g_dbus_node_info_new_for_xml(description, NULL);
    g_bus_own_name(G_BUS_TYPE_SESSION, argv[1], G_BUS_NAME_OWNER_FLAGS_DO_NOT_QUEUE, bus_acquired, NULL, name_lost, node,
                   NULL);
    g_main_loop_run(g_main_loop_new(NULL, FALSE));
}
