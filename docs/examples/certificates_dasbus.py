#!/usr/bin/python3
# SPDX-FileCopyrightText: The E-Onay authors
# SPDX-License-Identifier: Apache-2.0
"""Lists the certificates; with a number of days, no reminder of the first one comes before they are over."""
import sys
import time

from dasbus.connection import SessionMessageBus
from dasbus.error import DBusError
from dasbus.typing import get_native

service = SessionMessageBus().get_proxy("org.eonay.EOnay1", "/org/eonay/EOnay1")
certificates = [get_native(row) for row in service.ListCertificates()]
for row in certificates:
    print(f'{row["Id"][:8]}  {row["Holder"]}: {row["Phase"]}, {row["DaysLeft"]} days left, E-Onay: {row["Approval"]}')
if len(sys.argv) > 1:
    try:
        service.Snooze(certificates[0]["Id"] if certificates else "", int(time.time()) + int(sys.argv[1]) * 86400)
    except DBusError as error:
        # The name is for programs, the sentence for people.
        sys.exit(f"{error.dbus_name}: {error}")
