/* SPDX-License-Identifier: MIT */
#include "pickle_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/text.h"
#include "base/utf8.h"

#define DEPTH_MAX 8

static const struct pickle_place place = {"model.pt", "data.pkl: ", 1000, NULL};

static bool allow(const char *global)
{
    return strcmp(global, "os.system") != 0;
}

/* In a block of its own size, so that a sanitizer sees a read behind it. */
struct pickle_value *pickle_fixture_read(struct arena *arena, const char *bytes, size_t length,
                                         size_t *used, struct error *error)
{
    unsigned char *copy = mem_alloc(length, 1);
    memcpy(copy, bytes, length);
    struct pickle_value *value = pickle_read(&place, copy, length, allow, arena, used, error);
    mem_free(copy);
    return value;
}

struct pickle_value *pickle_fixture_accepted(struct arena *arena, const char *bytes, size_t length)
{
    struct error error = {0};
    size_t used;
    struct pickle_value *value = pickle_fixture_read(arena, bytes, length, &used, &error);
    if (!value)
        fail_msg("%s", error.text);
    assert_int_equal(used, length);
    return value;
}

void pickle_fixture_refused(const char *bytes, size_t length, const char *part)
{
    struct arena arena = {0};
    struct error error = {0};
    assert_null(pickle_fixture_read(&arena, bytes, length, NULL, &error));
    assert_int_equal(error.code, ERROR_FILE);
    if (!strstr(error.text, part))
        fail_msg("\"%s\" does not say \"%s\"", error.text, part);
    arena_done(&arena);
}

static void render(struct text *out, const struct pickle_value *value, unsigned depth);

static void render_items(struct text *out, const struct pickle_value *value, unsigned depth)
{
    static const char *const brackets[] = {
        [PICKLE_LIST] = "[]", [PICKLE_TUPLE] = "()", [PICKLE_SET] = "{}", [PICKLE_DICT] = "{}"};
    text_add(out, brackets[value->kind], 1);
    for (size_t i = 0; i < value->length; i++) {
        bool is_value = value->kind == PICKLE_DICT && i % 2 == 1;
        text_puts(out, i == 0 ? "" : is_value ? ": " : ", ");
        render(out, value->items[i], depth);
    }
    text_add(out, brackets[value->kind] + 1, 1);
}

static void render_call(struct text *out, const struct pickle_value *value, unsigned depth)
{
    for (size_t i = 0; i < value->length; i++)
        render(out, value->items[i], depth);
    if (value->state) {
        text_puts(out, "~");
        render(out, value->state, depth);
    }
    if (value->attributes) {
        text_puts(out, "^");
        render(out, value->attributes, depth);
    }
}

static void render_text(struct text *out, const struct pickle_value *value)
{
    static const char *const quotes[] = {
        [PICKLE_BYTES] = "b'", [PICKLE_TEXT] = "'", [PICKLE_GLOBAL] = ""};
    const char *quote = quotes[value->kind];
    assert_int_equal(value->text[value->length], '\0');
    text_puts(out, quote);
    utf8_escape(out, value->text, value->length);
    text_puts(out, *quote ? "'" : "");
}

static void render_number(struct text *out, const struct pickle_value *value)
{
    if (value->kind == PICKLE_REAL)
        text_printf(out, "%.17g", value->real);
    else if (value->kind == PICKLE_BOOLEAN)
        text_puts(out, value->integer ? "True" : "False");
    else if (value->kind == PICKLE_INTEGER)
        text_printf(out, "%lld", (long long)value->integer);
    for (size_t i = value->length; value->kind == PICKLE_BIG && i > 0; i--)
        text_printf(out, "%02x", (unsigned char)value->text[i - 1]);
}

static void render(struct text *out, const struct pickle_value *value, unsigned depth)
{
    if (depth == DEPTH_MAX) {
        text_puts(out, "...");
        return;
    }
    assert_false(value->seen);
    switch (value->kind) {
    case PICKLE_NONE:
        text_puts(out, "None");
        break;
    case PICKLE_BOOLEAN:
    case PICKLE_INTEGER:
    case PICKLE_BIG:
    case PICKLE_REAL:
        render_number(out, value);
        break;
    case PICKLE_BYTES:
    case PICKLE_TEXT:
    case PICKLE_GLOBAL:
        render_text(out, value);
        break;
    case PICKLE_LIST:
    case PICKLE_TUPLE:
    case PICKLE_SET:
    case PICKLE_DICT:
        render_items(out, value, depth + 1);
        break;
    case PICKLE_REFERENCE:
        text_puts(out, "@");
        assert_int_equal(value->length, 1);
        render(out, value->items[0], depth + 1);
        break;
    case PICKLE_CALL:
        render_call(out, value, depth + 1);
        break;
    }
}

void pickle_fixture_check_values(const struct pickle_sample samples[], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct arena arena = {0};
        struct text out = {0};
        render(&out, pickle_fixture_accepted(&arena, samples[i].bytes, samples[i].length), 0);
        assert_string_equal(out.data, samples[i].expected);
        text_done(&out);
        arena_done(&arena);
    }
}

void pickle_fixture_check_refusals(const struct pickle_sample samples[], size_t count)
{
    for (size_t i = 0; i < count; i++)
        pickle_fixture_refused(samples[i].bytes, samples[i].length, samples[i].expected);
}
