/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "app/sqnr_candidates.h"
#include "app/sqnr_record.h"

static struct options options_of(int bits, int activation_bits, bool all)
{
    struct options options = {.scheme = scheme_default()};
    options.scheme.bits = bits;
    options.layers.inputs.bits = activation_bits;
    options.layers.all_transforms = all;
    return options;
}

static void check_all(int bits, int activation_bits, const char *last)
{
    const struct options options = options_of(bits, activation_bits, true);
    struct sqnr_candidates all = {.count = 0};
    assert_true(sqnr_candidates_choose(&all, &options, NULL));
    assert_string_equal(all.candidate[SQNR_NONE].label.data, "none");
    assert_string_equal(all.candidate[SQNR_HADAMARD].label.data, "hadamard");
    assert_string_equal(all.candidate[SQNR_CAT].label.data, "align:128+hadamard");
    assert_string_equal(all.candidate[all.count - 1].label.data, last);
    for (size_t i = 0; i < all.count; i++) {
        const struct layer_request *request = &all.candidate[i].request;
        const int more = strchr(all.candidate[i].label.data, ',') != NULL;
        assert_int_equal(request->scheme.bits, bits + more);
        assert_int_equal(request->inputs.bits, activation_bits ? activation_bits + more : 0);
    }
    sqnr_candidates_done(&all);
}

/* More bits come last, under the transform's name, where there are levels of so many. */
static void test_all(void **state)
{
    (void)state;
    check_all(4, 0, "none, 5 bits");
    check_all(4, 8, "none, W5 A9");
    check_all(4, 16, "align:256+hadamard");
    check_all(16, 4, "align:256+hadamard");
}

static void test_one(void **state)
{
    (void)state;
    const struct options options = options_of(3, 0, false);
    struct sqnr_candidates one = {.count = 0};
    assert_true(sqnr_candidates_choose(&one, &options, NULL));
    assert_int_equal(one.count, 1);
    assert_string_equal(one.candidate[0].name.data, "none");
    sqnr_candidates_done(&one);
}

static void test_bits_of_a_record(void **state)
{
    (void)state;
    struct sqnr_record record;
    struct layer_request request = {.scheme = scheme_default()};
    emit_undefine(sqnr_fields, sqnr_field_count, &record);
    sqnr_record_bits(&record, &request);
    assert_int_equal(record.bits, 4);
    assert_true(record.activation_bits == EMIT_UNKNOWN);
    request.inputs.bits = 8;
    sqnr_record_bits(&record, &request);
    assert_int_equal(record.activation_bits, 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all),
        cmocka_unit_test(test_one),
        cmocka_unit_test(test_bits_of_a_record),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
