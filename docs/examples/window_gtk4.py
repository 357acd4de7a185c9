#!/usr/bin/python3
# SPDX-FileCopyrightText: The E-Onay authors
# SPDX-License-Identifier: Apache-2.0
"""A window with the certificates and the days that are left. It follows the cards that come and go."""
import gi

gi.require_version("Gtk", "4.0")
from gi.repository import Gio, GLib, Gtk

NAME, ROOT = "org.eonay.EOnay1", "/org/eonay/EOnay1"


class Window(Gtk.ApplicationWindow):
    def __init__(self, application):
        super().__init__(application=application, title="E-Onay", default_width=480, default_height=240)
        self.list = Gtk.ListBox(selection_mode=Gtk.SelectionMode.NONE)
        self.set_child(Gtk.ScrolledWindow(child=self.list))
        self.bus = Gio.bus_get_sync(Gio.BusType.SESSION)
        # Objects that come and go, and properties that change: each is an occasion to ask again.
        self.bus.signal_subscribe(
            NAME, None, None, None, None, Gio.DBusSignalFlags.NONE, lambda *_: self.ask())
        self.ask()

    def ask(self):
        self.bus.call(
            NAME, ROOT, NAME, "ListCertificates", None, GLib.VariantType("(aa{sv})"), Gio.DBusCallFlags.NONE, -1, None,
            self.show_answer)

    def show_answer(self, bus, result):
        try:
            certificates = bus.call_finish(result).unpack()[0]
        except GLib.Error as error:
            self.set_title(Gio.DBusError.get_remote_error(error) or "E-Onay")
            return
        while row := self.list.get_first_child():
            self.list.remove(row)
        for certificate in certificates:
            place = "in the reader" if certificate["Present"] else "not in a reader"
            text = f'{certificate["Holder"]}\n{certificate["DaysLeft"]} days left, {place}'
            self.list.append(Gtk.Label(label=text, xalign=0, margin_start=12, margin_top=12))
        self.set_title(f"E-Onay: {sum(each['Present'] for each in certificates)} of {len(certificates)} in a reader")


application = Gtk.Application(application_id="org.eonay.example.Window")
application.connect("activate", lambda application: Window(application).present())
application.run()
