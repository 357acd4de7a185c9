#!/bin/sh
# SPDX-FileCopyrightText: The E-Onay authors
# SPDX-License-Identifier: Apache-2.0
# A look by hand, with the program that systemd brings.
set -eu
busctl --user call org.eonay.EOnay1 /org/eonay/EOnay1 org.eonay.EOnay1 Expiry
busctl --user --json=pretty call org.eonay.EOnay1 /org/eonay/EOnay1 org.eonay.EOnay1 ListCertificates
busctl --user get-property org.eonay.EOnay1 /org/eonay/EOnay1 org.eonay.EOnay1 Version Ready Portals
busctl --user tree org.eonay.EOnay1
