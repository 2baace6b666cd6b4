/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "model/metadata.h"

static void add(struct metadata *metadata, struct arena *arena, const char *key, const char *value)
{
    metadata_add(metadata, arena, "model.gguf", "string", key, strlen(key), value, strlen(value));
}

static void done(struct metadata *metadata, struct arena *arena)
{
    mem_free(metadata->entries);
    arena_done(arena);
}

static void test_entries_are_printable(void **state)
{
    (void)state;
    struct metadata metadata = {0};
    struct arena arena = {0};
    add(&metadata, &arena, "a\x1b[2J", "\xff line\nbreak");
    metadata_add(&metadata, &arena, "s", "u32", "", 0, "", 0);
    assert_int_equal(metadata.count, 2);
    assert_string_equal(metadata.entries[0].source, "model.gguf");
    assert_string_equal(metadata.entries[0].type, "string");
    assert_null(strpbrk(metadata.entries[0].key, "\x1b\n"));
    assert_null(strpbrk(metadata.entries[0].value, "\x1b\n\xff"));
    assert_string_equal(metadata.entries[1].key, "");
    assert_string_equal(metadata.entries[1].value, "");
    done(&metadata, &arena);
}

/* Cut at the last whole character that fits, with what is missing said. */
static void test_long_values_are_cut(void **state)
{
    (void)state;
    struct metadata metadata = {0};
    struct arena arena = {0};
    static char value[METADATA_VALUE_MOST + 3];
    memset(value, 'x', sizeof value - 1);
    memcpy(value + METADATA_VALUE_MOST - 1, "\xc3\xa9", 2); /* é over the edge */
    add(&metadata, &arena, "k", value);
    const char *kept = metadata.entries[0].value;
    assert_int_equal(strspn(kept, "x"), METADATA_VALUE_MOST - 1);
    assert_string_equal(kept + METADATA_VALUE_MOST - 1, "… (3 more bytes)");
    done(&metadata, &arena);
}

static void test_too_many_are_counted(void **state)
{
    (void)state;
    struct metadata metadata = {0};
    struct arena arena = {0};
    for (int i = 0; i < METADATA_ENTRIES_MOST + 7; i++)
        add(&metadata, &arena, "k", "v");
    assert_int_equal(metadata.count, METADATA_ENTRIES_MOST);
    assert_int_equal(metadata.dropped, 7);
    done(&metadata, &arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_entries_are_printable),
        cmocka_unit_test(test_long_values_are_cut),
        cmocka_unit_test(test_too_many_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
