/* SPDX-License-Identifier: MIT
 *
 * A scan of a model as the command line asks for it: what scan and report have in common.
 */
#ifndef APP_SCAN_RUN_H
#define APP_SCAN_RUN_H

#include <stdbool.h>
#include <stddef.h>

#include "app/layers_open.h"
#include "app/options.h"
#include "app/scan_file.h"
#include "base/error.h"
#include "engine/scan.h"
#include "model/model.h"

/* A scan without records, with these settings. */
struct scan *scan_run_begin(const struct options *options, const struct model *model,
                            const struct layer_source *inputs);

/* Surveys what the options ask for and the scan has not; each record also goes to the writer,
 * unless it is NULL.  What cannot be read is said on standard error; a file that broke while it was
 * read is a failure: false with *error, as if a thread cannot be had. */
bool scan_run(const struct options *options, const struct layer_source *inputs, struct scan *scan,
              struct scan_writer *writer, struct error *error);

/* How many tensors meet the condition of --fail-if, if there is one; the first ones are named on
 * standard error. */
size_t scan_run_failures(const struct options *options, const struct scan *scan);

#endif
