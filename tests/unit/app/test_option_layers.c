/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "app/option_layers.h"

typedef bool option_reader(struct options *options, const char *argument, struct error *error);

static void refused(option_reader *read, const char *argument, const char *part)
{
    struct options options = {.threads = 0};
    struct error error = {ERROR_NONE, ""};
    assert_false(read(&options, argument, &error));
    assert_int_equal(error.code, ERROR_USAGE);
    if (!strstr(error.text, part))
        fail_msg("%s: %s", argument, error.text);
}

static void test_files(void **state)
{
    (void)state;
    struct options options = {.threads = 0};
    assert_true(option_read_activations(&options, "x.npz", NULL));
    assert_string_equal(options.layers.activations, "x.npz");
    assert_true(option_read_activation_kind(&options, "diagonal", NULL));
    assert_int_equal(options.layers.kind, ACTIVATION_DIAGONAL);
    assert_true(option_read_map(&options, "a=b", NULL));
    assert_true(option_read_map(&options, "c=d", NULL));
    assert_int_equal(options.layers.rules.entries.count, 2);
    name_map_done(&options.layers.rules.entries);
    assert_true(option_read_group(&options, "none", NULL));
    assert_true(options.layers.rules.groups.alone);
    assert_true(option_read_group(&options, "head_[ab]=head", NULL));
    assert_int_equal(options.layers.rules.groups.inputs.count, 1);
    layer_grouping_done(&options.layers.rules.groups);
    refused(option_read_activations, "", "the name of a file");
    refused(option_read_activation_kind, "sums", "sums");
    refused(option_read_map, "nothing", "");
    refused(option_read_group, "by magic", "REGEX=REPLACEMENT");
}

static void test_rounding(void **state)
{
    (void)state;
    struct options options = {.threads = 0};
    assert_true(option_read_activation_bits(&options, "2", NULL));
    assert_int_equal(options.layers.inputs.bits, 2);
    assert_true(option_read_activation_bits(&options, "16", NULL));
    assert_int_equal(options.layers.inputs.bits, 16);
    assert_true(option_read_activation_symmetric(&options, NULL, NULL));
    assert_true(option_read_activation_static(&options, NULL, NULL));
    assert_true(options.layers.inputs.symmetric && options.layers.inputs.fixed);
    refused(option_read_activation_bits, "1", "from 2 to 16");
    refused(option_read_activation_bits, "17", "from 2 to 16");
    refused(option_read_activation_bits, "4x", "from 2 to 16");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_files),
        cmocka_unit_test(test_rounding),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
