/* SPDX-License-Identifier: MIT
 *
 * Arguments of the options of scan, merge and report.
 */
#ifndef APP_OPTION_SCAN_H
#define APP_OPTION_SCAN_H

#include <stdbool.h>

#include "app/options.h"
#include "base/error.h"

/* Readers as struct option_row wants them. */
bool option_read_part(struct options *options, const char *argument, struct error *error);
bool option_read_resume(struct options *options, const char *argument, struct error *error);
bool option_read_file(struct options *options, const char *argument, struct error *error);
bool option_read_fail_if(struct options *options, const char *argument, struct error *error);
bool option_read_report_bits(struct options *options, const char *argument, struct error *error);
bool option_read_top(struct options *options, const char *argument, struct error *error);
bool option_read_markdown(struct options *options, const char *argument, struct error *error);

#endif
