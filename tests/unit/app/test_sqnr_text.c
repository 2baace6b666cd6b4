/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "app/sqnr_text.h"

enum { NONE, HADAMARD, CAT, CANDIDATES };

static struct sqnr_record record_of(const char *label, double concentration, double alignment)
{
    struct sqnr_record record;
    emit_undefine(sqnr_fields, sqnr_field_count, &record);
    record.name = (struct emit_string){.label = "model.layers.0.mlp.down_proj.weight"};
    record.in = 64;
    record.out = 96;
    record.tokens = 512;
    record.activations = (struct emit_string){.label = "samples"};
    record.label = label;
    record.concentration_db = concentration;
    record.alignment_db = alignment;
    record.approx_sqnr_db = record.measured_sqnr_db = 30 + concentration + alignment;
    record.transform_error = 1e-14;
    return record;
}

static void add_layer(struct sqnr_page *page, double by_alignment)
{
    const struct sqnr_record records[CANDIDATES] = {
        record_of("none", 3, -20),
        record_of("hadamard", 5, -20),
        record_of("align:128+hadamard", 4.5, -20 + by_alignment),
    };
    sqnr_page_layer(page, records, CANDIDATES);
}

static struct sqnr_page page_of(struct text *out, bool compare)
{
    return (struct sqnr_page){.out = out,
                              .header = true,
                              .compare = compare,
                              .hadamard = HADAMARD,
                              .cat = CAT,
                              .name_columns = 28};
}

static void has(const struct text *out, const char *part)
{
    if (!strstr(out->data, part))
        fail_msg("no \"%s\" in:\n%s", part, out->data);
}

static void fits_80_columns(const struct text *out)
{
    for (const char *line = out->data; *line; line += strcspn(line, "\n") + 1)
        assert_true(strcspn(line, "\n") <= 80);
}

/* The end tells median and range of what CAT gains, and by what. */
static void test_comparison(void **state)
{
    (void)state;
    struct text out = {0};
    struct sqnr_page page = page_of(&out, true);
    add_layer(&page, 1);
    add_layer(&page, 9);
    add_layer(&page, 3);
    sqnr_page_end(&page);
    has(&out, "\n  96 x 64, 512 tokens\n");
    has(&out, "  cat gains +0.50 dB over hadamard: alignment +1.00, concentration -0.50\n");
    has(&out, "mean gain over none\n  hadamard                         +2.00  dB, 3 layers\n");
    has(&out, "what cat gains over hadamard, median and range of 3 layers\n"
              "  in all                           +2.50  dB, +0.50 to +8.50\n"
              "  by alignment                     +3.00  dB, +1.00 to +9.00\n"
              "  by concentration                 -0.50  dB, -0.50 to -0.50\n");
    fits_80_columns(&out);
    sqnr_page_done(&page);
    text_done(&out);
}

/* What is not known of one layer is no part of the sums. */
static void test_unknown(void **state)
{
    (void)state;
    struct text out = {0};
    struct sqnr_page page = page_of(&out, true);
    const struct sqnr_record records[CANDIDATES] = {
        record_of("none", 3, -20),
        record_of("hadamard", NAN, NAN),
        record_of("align:128+hadamard", NAN, NAN),
    };
    sqnr_page_layer(&page, records, CANDIDATES);
    sqnr_page_end(&page);
    assert_null(strstr(out.data, "cat gains"));
    has(&out, "  hadamard                             -  dB, 0 layers\n");
    sqnr_page_done(&page);
    text_done(&out);
}

static void test_one_transform(void **state)
{
    (void)state;
    struct text out = {0};
    struct sqnr_page page = page_of(&out, false);
    struct sqnr_record record = record_of("none", 3, -20);
    record.measured_sqnr_db = NAN;
    record.weight_only_sqnr_db = 14;
    record.tokens = EMIT_UNKNOWN;
    record.activations = (struct emit_string){.label = "isotropic"};
    sqnr_page_layer(&page, &record, 1);
    sqnr_page_end(&page);
    has(&out, "model.layers.0.mlp.down_proj    none    3.00  -20.00       -   13.00  14.00w\n");
    has(&out, "w: the weights' rounding alone, as 1 layer has no samples\n");
    has(&out, "isotropic input assumed for 1 layer of which nothing is known\n");
    fits_80_columns(&out);
    sqnr_page_done(&page);
    text_done(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_comparison),
        cmocka_unit_test(test_unknown),
        cmocka_unit_test(test_one_transform),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
