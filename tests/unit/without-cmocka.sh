#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Stands in the place of the unit tests where configure did not find cmocka, so that the summary
# shows a skipped test rather than nothing.

echo "the unit tests need cmocka; \`./bootstrap check' installs it"
exit 77
