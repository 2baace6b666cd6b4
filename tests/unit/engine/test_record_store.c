/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "engine/record_store.h"

#define COUNT (RECORD_STORE_RESIDENT + 2000)

/* Takes many records, writes to each, and checks that none is another or moves. */
static void fill_and_check(struct record_store *store)
{
    struct survey_record **record = mem_alloc(COUNT, sizeof *record);
    for (size_t i = 0; i < COUNT; i++) {
        record[i] = record_store_take(store);
        memset(record[i], 0xff, sizeof *record[i]);
        record[i]->weights.channels = i;
    }
    for (size_t i = 0; i < COUNT; i++)
        assert_int_equal(record[i]->weights.channels, i);
    mem_free(record);
}

static void test_many_lie_in_a_file(void **state)
{
    (void)state;
    setenv("TMPDIR", "/tmp", 1);
    struct record_store *store = record_store_new();
    fill_and_check(store);
    assert_int_equal(record_store_filed(store), COUNT - RECORD_STORE_RESIDENT);
    record_store_clear(store);
    assert_int_equal(record_store_filed(store), 0);
    fill_and_check(store);
    assert_int_equal(record_store_filed(store), COUNT - RECORD_STORE_RESIDENT);
    record_store_free(store);
}

static void test_memory_will_do(void **state)
{
    (void)state;
    setenv("TMPDIR", "/nowhere/at/all", 1);
    struct record_store *store = record_store_new();
    fill_and_check(store);
    assert_int_equal(record_store_filed(store), 0);
    record_store_free(store);
    record_store_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_many_lie_in_a_file),
        cmocka_unit_test(test_memory_will_do),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
