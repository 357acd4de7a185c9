#!/bin/sh
# SPDX-FileCopyrightText: The E-Onay authors
# SPDX-License-Identifier: Apache-2.0
# The same with GLib's program: the decisions of the last year, ten at most.
set -eu
since=$(date --date '1 year ago' +%s)
gdbus call --session --dest org.eonay.EOnay1 --object-path /org/eonay/EOnay1 \
    --method org.eonay.EOnay1.ListHistory "{'limit': <uint32 10>, 'since': <int64 $since>}"
