// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

// A USB bus for one pcscd: those calls of libudev that its hot-plug code makes, answered from a folder.
//
// A file called BUS-DEVICE (such as 001-002) in the folder that EONAY_USB_FOLDER names is a plugged reader; making it is
// plugging in, deleting it is pulling out. pcscd's own code does the rest: it waits, looks for a driver, adds and removes
// the reader. The computer's real readers stay out of its sight.
#define _GNU_SOURCE
#include "libudev.h"
#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

// Fits the 16 bytes that inotify adds to an event, so that an event can be read alone.
enum { LONGEST_NAME = 15 };
static const char system_path[] = "/sys/devices/eonay/";

struct udev {
    int unused;  // there is nothing to remember, but the caller wants an address
};

struct udev_list_entry {
    struct udev_list_entry *next;
    char path[sizeof system_path + LONGEST_NAME];
};

struct udev_enumerate {
    struct udev_list_entry *first;
};

// The reader's interface, which is what pcscd is told of, and its device, which bears the numbers, are one here.
struct udev_device {
    char name[LONGEST_NAME + 1];
    char node[sizeof "/dev/bus/usb/" + LONGEST_NAME];
    const char *action;
};

struct udev_monitor {
    int notifier;
};

static const char *folder(void) {
    const char *path = secure_getenv("EONAY_USB_FOLDER");
    return path ? path : "/nonexistent";
}

static bool is_reader(const char *name) {
    const char *dash = strchr(name, '-');
    return dash && dash != name && dash[1] && strlen(name) <= LONGEST_NAME;
}

struct udev *udev_new(void) { return calloc(1, sizeof(struct udev)); }

struct udev *udev_unref(struct udev *udev) {
    free(udev);
    return NULL;
}

struct udev_enumerate *udev_enumerate_new(struct udev *udev) {
    (void)udev;
    return calloc(1, sizeof(struct udev_enumerate));
}

int udev_enumerate_add_match_subsystem(struct udev_enumerate *enumerate, const char *subsystem) {
    (void)enumerate;
    (void)subsystem;
    return 0;
}

static void forget(struct udev_enumerate *enumerate) {
    while (enumerate->first) {
        struct udev_list_entry *entry = enumerate->first;
        enumerate->first = entry->next;
        free(entry);
    }
}

int udev_enumerate_scan_devices(struct udev_enumerate *enumerate) {
    forget(enumerate);
    DIR *directory = opendir(folder());
    if (!directory) return 0;
    for (struct dirent *found; (found = readdir(directory));) {
        if (!is_reader(found->d_name)) continue;
        struct udev_list_entry *entry = calloc(1, sizeof *entry);
        if (!entry) break;
        snprintf(entry->path, sizeof entry->path, "%s%.*s", system_path, LONGEST_NAME, found->d_name);
        entry->next = enumerate->first;
        enumerate->first = entry;
    }
    closedir(directory);
    return 0;
}

struct udev_list_entry *udev_enumerate_get_list_entry(struct udev_enumerate *enumerate) { return enumerate->first; }
struct udev_list_entry *udev_list_entry_get_next(struct udev_list_entry *entry) { return entry->next; }
const char *udev_list_entry_get_name(struct udev_list_entry *entry) { return entry->path; }

struct udev_enumerate *udev_enumerate_unref(struct udev_enumerate *enumerate) {
    if (enumerate) forget(enumerate);
    free(enumerate);
    return NULL;
}

static struct udev_device *device(const char *name, const char *action) {
    struct udev_device *device = calloc(1, sizeof *device);
    if (!device) return NULL;
    snprintf(device->name, sizeof device->name, "%s", name);
    const char *dash = strchr(device->name, '-');
    snprintf(device->node, sizeof device->node, "/dev/bus/usb/%.*s/%s", (int)(dash - device->name), device->name, dash + 1);
    device->action = action;
    return device;
}

struct udev_device *udev_device_new_from_syspath(struct udev *udev, const char *path) {
    (void)udev;
    const char *name = path + sizeof system_path - 1;
    return strncmp(path, system_path, sizeof system_path - 1) || !is_reader(name) ? NULL : device(name, NULL);
}

struct udev_device *udev_device_get_parent_with_subsystem_devtype(struct udev_device *device, const char *subsystem,
                                                                  const char *type) {
    (void)subsystem;
    (void)type;
    return device;
}

const char *udev_device_get_devnode(struct udev_device *device) { return device->node; }
const char *udev_device_get_sysname(struct udev_device *device) { return device->name; }
const char *udev_device_get_action(struct udev_device *device) { return device->action; }

const char *udev_device_get_sysattr_value(struct udev_device *device, const char *attribute) {
    (void)device;
    // As the driver's Info.plist says.
    if (!strcmp(attribute, "idVendor")) return "e0a1";
    if (!strcmp(attribute, "idProduct")) return "0001";
    if (!strcmp(attribute, "bInterfaceNumber")) return "00";
    return NULL;
}

// pcscd 2 looks whether a reader is to be ignored (PCSCLITE_IGNORE).
const char *udev_device_get_property_value(struct udev_device *device, const char *property) {
    (void)device;
    (void)property;
    return NULL;
}

struct udev_device *udev_device_unref(struct udev_device *device) {
    free(device);
    return NULL;
}

struct udev_monitor *udev_monitor_new_from_netlink(struct udev *udev, const char *name) {
    (void)udev;
    (void)name;
    struct udev_monitor *monitor = calloc(1, sizeof *monitor);
    if (!monitor) return NULL;
    monitor->notifier = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    if (monitor->notifier >= 0 && inotify_add_watch(monitor->notifier, folder(), IN_CREATE | IN_DELETE) >= 0)
        return monitor;
    if (monitor->notifier >= 0) close(monitor->notifier);
    free(monitor);
    return NULL;
}

int udev_monitor_filter_add_match_subsystem_devtype(struct udev_monitor *monitor, const char *subsystem,
                                                    const char *type) {
    (void)monitor;
    (void)subsystem;
    (void)type;
    return 0;
}

int udev_monitor_enable_receiving(struct udev_monitor *monitor) {
    (void)monitor;
    return 0;
}

int udev_monitor_get_fd(struct udev_monitor *monitor) { return monitor->notifier; }

struct udev_device *udev_monitor_receive_device(struct udev_monitor *monitor) {
    union {
        struct inotify_event event;
        char bytes[sizeof(struct inotify_event) + LONGEST_NAME + 1];
    } one;
    // A name that is too long for one of ours cannot be read here, nor passed over: nobody puts such a file there.
    if (read(monitor->notifier, &one, sizeof one) <= 0 || !one.event.len || !is_reader(one.event.name)) return NULL;
    return device(one.event.name, one.event.mask & IN_CREATE ? "add" : "remove");
}

struct udev_monitor *udev_monitor_unref(struct udev_monitor *monitor) {
    close(monitor->notifier);
    free(monitor);
    return NULL;
}
