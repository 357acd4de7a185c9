#!/bin/sh
# SPDX-FileCopyrightText: The E-Onay authors
# SPDX-License-Identifier: Apache-2.0
# Names the certificates that end within 30 days, or so many, and fails if there is one: for cron or a monitor.
set -eu
answer=$(busctl --user --json=short call org.eonay.EOnay1 /org/eonay/EOnay1 org.eonay.EOnay1 ListCertificates)
ending=$(echo "$answer" | jq -r --argjson days "${1:-30}" '
    .data[0][] | map_values(.data) | select(.DaysLeft <= $days) | "\(.Holder): \(.DaysLeft) days left"')
[ -z "$ending" ] || { echo "$ending"; exit 1; }
