/* SPDX-License-Identifier: MIT */
#include "lab_run.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/analysis.h"
#include "ui/lab.h"

const struct report *lab_run(const struct lesson_settings *settings)
{
    struct error error = { ERROR_NONE, "" };
    const struct lab lab = { settings->source, settings->n, settings->seed, settings->phase };
    struct request request = { .scheme = settings->scheme, .belief = settings->belief };
    lab_request(&request, &lab, &settings->scheme);

    struct pool *pool = pool_new(2, &error);
    assert_non_null(pool);
    struct watch watch = { .cancel = false };
    const struct analysis analysis = { .pool = pool, .watch = &watch };
    const struct report *report = analysis_run(&analysis, &request, &error);
    pool_free(pool);
    if (!report)
        fail_msg("%s", error.text);
    return report;
}
