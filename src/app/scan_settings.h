/* SPDX-License-Identifier: MIT
 *
 * The settings that a scan was made with, as options.
 */
#ifndef APP_SCAN_SETTINGS_H
#define APP_SCAN_SETTINGS_H

#include <stdbool.h>

#include "app/options.h"
#include "base/error.h"
#include "engine/scan.h"

/* Sets scheme, source, transform and the way that tensors are looked at; what a scan does not say
 * stays.  False with ERROR_FILE if it says what no option could. */
bool scan_settings_apply(const struct scan *scan, struct options *options, struct error *error);

#endif
