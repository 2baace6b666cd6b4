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
    const struct lab lab = { .law = settings->source,
                             .draws = settings->n,
                             .seed = settings->seed,
                             .phase = settings->phase,
                             .layer = settings->layer };
    struct request request = { .scheme = settings->scheme,
                               .belief = settings->belief,
                               .lineup = synthetic_layer_is(&settings->layer),
                               .inputs = settings->inputs,
                               .transform = settings->transform };
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
