#!/usr/bin/python3
# SPDX-FileCopyrightText: The E-Onay authors
# SPDX-License-Identifier: Apache-2.0
"""Says when a card comes or goes, and when a certificate is about to end."""
import asyncio

from dbus_fast.aio import MessageBus

NAME, ROOT = "org.eonay.EOnay1", "/org/eonay/EOnay1"


def added(path, interfaces):
    card = interfaces.get(f"{NAME}.Token")
    if card:
        print("card in:", card["Reader"].value, flush=True)


def removed(path, interfaces):
    if f"{NAME}.Token" in interfaces:
        print("card out", flush=True)


def reminder(certificate, not_after, days_left):
    print(f"{certificate[:8]} ends in {days_left} days", flush=True)


async def main():
    bus = await MessageBus().connect()
    service = bus.get_proxy_object(NAME, ROOT, await bus.introspect(NAME, ROOT))
    objects = service.get_interface("org.freedesktop.DBus.ObjectManager")
    objects.on_interfaces_added(added)
    objects.on_interfaces_removed(removed)
    root = service.get_interface(NAME)
    root.on_expiry_reminder(reminder)
    print("E-Onay", await root.get_version(), flush=True)
    await bus.wait_for_disconnect()


asyncio.run(main())
