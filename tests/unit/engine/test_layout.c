/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "engine/layout.h"

struct point {
    double x;
    uint64_t n;
};

struct thing {
    unsigned flags;
    bool truth;
    char text[8];
    uint32_t few[4], listed;
    struct point point[3];
    struct point other;
};

static const struct layout count32[] = {{.name = "", .kind = LAYOUT_COUNT32}, {.name = NULL}};
static const struct layout point[] = {
    {.name = "x", .kind = LAYOUT_NUMBER, .offset = offsetof(struct point, x)},
    {.name = "n", .kind = LAYOUT_COUNT, .offset = offsetof(struct point, n)},
    {.name = NULL},
};
static const struct layout points[] = {{.name = "", .kind = LAYOUT_OBJECT, .members = point},
                                       {.name = NULL}};
static const struct layout thing[] = {
    {.name = "first", .kind = LAYOUT_FLAG, .offset = offsetof(struct thing, flags), .flag = 1},
    {.name = "second", .kind = LAYOUT_FLAG, .offset = offsetof(struct thing, flags), .flag = 2},
    {.name = "truth", .kind = LAYOUT_TRUTH, .offset = offsetof(struct thing, truth)},
    {.name = "text", .kind = LAYOUT_TEXT, .offset = offsetof(struct thing, text), .most = 8},
    {.name = "few",
     .kind = LAYOUT_LIST,
     .offset = offsetof(struct thing, few),
     .members = count32,
     .most = 4,
     .stride = sizeof(uint32_t)},
    {.name = "points",
     .kind = LAYOUT_LIST,
     .offset = offsetof(struct thing, point),
     .members = points,
     .most = 3,
     .stride = sizeof(struct point),
     .counted = true,
     .counter = offsetof(struct thing, listed)},
    {.name = "other",
     .kind = LAYOUT_OBJECT,
     .offset = offsetof(struct thing, other),
     .members = point,
     .part = 2},
    {.name = NULL},
};

static void assert_written(const struct thing *value, unsigned parts, const char *wanted)
{
    const unsigned char *bytes;
    size_t length;
    yajl_gen json = yajl_gen_alloc(NULL);
    yajl_gen_map_open(json);
    layout_write(json, thing, value, parts);
    yajl_gen_map_close(json);
    yajl_gen_get_buf(json, &bytes, &length);
    assert_int_equal(length, strlen(wanted));
    assert_memory_equal(bytes, wanted, length);
    yajl_gen_free(json);
}

static void test_write(void **state)
{
    (void)state;
    struct thing value;
    layout_clear(thing, &value, sizeof value);
    assert_written(&value, 0,
                   "{\"first\":false,\"second\":false,\"truth\":false,\"text\":null,\"few\":[],"
                   "\"points\":[]}");
    value.flags = 2;
    value.truth = true;
    strcpy(value.text, "a\"b");
    value.few[1] = 7;
    value.listed = 2;
    value.point[0] = (struct point){0.1, UINT64_MAX};
    value.point[1] = (struct point){INFINITY, 0};
    assert_written(&value, 2,
                   "{\"first\":false,\"second\":true,\"truth\":true,\"text\":\"a\\\"b\","
                   "\"few\":[0,7],\"points\":[{\"x\":0.10000000000000001,"
                   "\"n\":18446744073709551615},{\"x\":null,\"n\":0}],"
                   "\"other\":{\"x\":null,\"n\":0}}");
}

static bool take(struct layout_reader *reader, enum layout_event event, const char *bytes)
{
    return layout_take(reader, event, bytes, bytes ? strlen(bytes) : 0);
}

static void test_read(void **state)
{
    (void)state;
    struct thing value;
    struct layout_reader reader;
    layout_clear(thing, &value, sizeof value);
    layout_begin(&reader, thing, &value);
    assert_true(take(&reader, LAYOUT_ON_KEY, "second") && take(&reader, LAYOUT_ON_TRUE, NULL));
    assert_true(take(&reader, LAYOUT_ON_KEY, "text"));
    assert_true(take(&reader, LAYOUT_ON_STRING, "12345\xc3\xa9z")); /* é has no room */
    assert_true(take(&reader, LAYOUT_ON_KEY, "new") && take(&reader, LAYOUT_ON_LIST, NULL));
    assert_true(take(&reader, LAYOUT_ON_OBJECT, NULL) && take(&reader, LAYOUT_ON_END, NULL));
    assert_true(take(&reader, LAYOUT_ON_END, NULL));
    assert_true(take(&reader, LAYOUT_ON_KEY, "points") && take(&reader, LAYOUT_ON_LIST, NULL));
    assert_true(take(&reader, LAYOUT_ON_OBJECT, NULL) && take(&reader, LAYOUT_ON_KEY, "n"));
    assert_true(take(&reader, LAYOUT_ON_NUMBER, "18446744073709551615"));
    assert_true(take(&reader, LAYOUT_ON_END, NULL) && take(&reader, LAYOUT_ON_END, NULL));
    assert_int_equal(reader.depth, 1);
    assert_true(take(&reader, LAYOUT_ON_END, NULL));
    assert_int_equal(reader.depth, 0);
    assert_int_equal(value.flags, 2);
    assert_string_equal(value.text, "12345\xc3\xa9");
    assert_int_equal(value.listed, 1);
    assert_true(value.point[0].n == UINT64_MAX && isnan(value.point[0].x));
    assert_true(value.point[1].x == 0 && isnan(value.other.x));
}

/* A number that was not finite comes back as NaN even where the reader's owner begins with 0. */
static void test_null_number(void **state)
{
    (void)state;
    struct thing value;
    struct layout_reader reader;
    layout_clear(thing, &value, sizeof value);
    value.other.x = 0;
    value.other.n = 3;
    layout_begin(&reader, thing, &value);
    assert_true(take(&reader, LAYOUT_ON_KEY, "other") && take(&reader, LAYOUT_ON_OBJECT, NULL));
    assert_true(take(&reader, LAYOUT_ON_KEY, "x") && take(&reader, LAYOUT_ON_NULL, NULL));
    assert_true(take(&reader, LAYOUT_ON_KEY, "n") && take(&reader, LAYOUT_ON_NULL, NULL));
    assert_true(take(&reader, LAYOUT_ON_END, NULL) && take(&reader, LAYOUT_ON_END, NULL));
    assert_true(isnan(value.other.x) && value.other.n == 3);
}

static void assert_refuses(const char *key, enum layout_event event, const char *bytes,
                           const char *wrong)
{
    struct thing value;
    struct layout_reader reader;
    layout_clear(thing, &value, sizeof value);
    layout_begin(&reader, thing, &value);
    assert_true(take(&reader, LAYOUT_ON_KEY, key));
    assert_false(take(&reader, event, bytes));
    assert_string_equal(reader.wrong, wrong);
}

static void test_refused(void **state)
{
    (void)state;
    assert_refuses("first", LAYOUT_ON_NUMBER, "1", "true or false is wanted");
    assert_refuses("truth", LAYOUT_ON_STRING, "true", "true or false is wanted");
    assert_refuses("text", LAYOUT_ON_TRUE, NULL, "a string is wanted");
    assert_refuses("text", LAYOUT_ON_OBJECT, NULL, "a string is wanted");
    assert_refuses("few", LAYOUT_ON_OBJECT, NULL, "a list is wanted");
    assert_refuses("other", LAYOUT_ON_LIST, NULL, "an object is wanted");
    assert_refuses("other", LAYOUT_ON_NUMBER, "1", "an object is wanted");
}

/* No more elements than there is room for. */
static void test_full(void **state)
{
    (void)state;
    struct thing value;
    struct layout_reader reader;
    layout_clear(thing, &value, sizeof value);
    layout_begin(&reader, thing, &value);
    assert_true(take(&reader, LAYOUT_ON_KEY, "few") && take(&reader, LAYOUT_ON_LIST, NULL));
    for (int i = 0; i < 4; i++)
        assert_true(take(&reader, LAYOUT_ON_NUMBER, "4294967295"));
    assert_int_equal(value.few[3], UINT32_MAX);
    assert_false(take(&reader, LAYOUT_ON_NUMBER, "1"));
    assert_string_equal(reader.wrong, "a list has too many elements");
    layout_begin(&reader, thing, &value);
    assert_true(take(&reader, LAYOUT_ON_KEY, "few") && take(&reader, LAYOUT_ON_LIST, NULL));
    assert_false(take(&reader, LAYOUT_ON_NUMBER, "4294967296"));
    assert_string_equal(reader.wrong, "a whole number is too large");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_write),       cmocka_unit_test(test_read),
        cmocka_unit_test(test_null_number), cmocka_unit_test(test_refused),
        cmocka_unit_test(test_full),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
