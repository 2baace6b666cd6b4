/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "app/report_totals.h"
#include "engine/record_layout.h"
#include "model/outline.h"

/* A record of n elements of power 1 with this mean squared error at every width. */
static struct survey_record make(uint64_t n, double mse)
{
    struct survey_record record;
    record_clear(&record);
    record.parts = RECORD_FAST | RECORD_SLOW;
    record.weights.channels = 1;
    record.weights.elements = n;
    record.normality.tested = 4;
    record.normality.normal = 3;
    for (int i = 0; i < RECORD_WIDTHS; i++) {
        record.error[i].mse = mse;
        record.error[i].sqnr_db = -10 * log10(mse);
        record.error[i].theory_sqnr_db = -10 * log10(mse / 2);
    }
    return record;
}

static void test_totals(void **state)
{
    (void)state;
    struct model *model = outline_new("m", "f");
    for (unsigned i = 0; i < 6; i++) {
        const char name[] = {(char)('a' + i), '\0'};
        const struct outline_tensor tensor = {.name = name, .name_length = 1, .dtype = "F32"};
        assert_true(outline_add(model, &tensor, SCAN_REASON, NULL));
    }
    struct scan *scan = scan_new("1", "{}", model);
    struct survey_record record = make(100, 0.01);
    scan_keep(scan, 0, &record);
    record = make(300, 0.05);
    record.normality.laplace = true;
    scan_keep(scan, 1, &record);
    /* Neither vectors nor what has no error count among the powers. */
    record = make(1000, 0.5);
    record.vector = true;
    record.weights.nonfinite = 1;
    scan_keep(scan, 2, &record);
    record = make(1000, NAN);
    scan_keep(scan, 3, &record);
    record_clear(&record);
    strcpy(record.failure, "gone");
    scan_keep(scan, 4, &record);
    const struct report_totals totals = report_totals(scan);
    assert_true(totals.matrices == 3 && totals.vectors == 1 && totals.unread == 1);
    assert_true(totals.laplace == 1 && totals.nonfinite == 1);
    assert_true(totals.tested == 12 && totals.normal == 9);
    for (int i = 0; i < RECORD_WIDTHS; i++) {
        assert_true(fabs(totals.sqnr_db[i] - 10 * log10(400 / 16.0)) < 1e-9);
        assert_true(fabs(totals.theory_sqnr_db[i] - 10 * log10(400 / 8.0)) < 1e-9);
    }
    scan_free(scan);
    model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_totals)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
