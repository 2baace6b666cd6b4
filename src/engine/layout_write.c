/* SPDX-License-Identifier: MIT */
#include "engine/layout.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static void put_string(yajl_gen json, const char *string)
{
    yajl_gen_string(json, (const unsigned char *)string, strlen(string));
}

static void put_count(yajl_gen json, uint64_t count)
{
    char digits[24];
    yajl_gen_number(json, digits, (size_t)snprintf(digits, sizeof digits, "%" PRIu64, count));
}

/* 17 significant digits bring back the same double. */
static void put_number(yajl_gen json, double number)
{
    char digits[32];
    if (isfinite(number))
        yajl_gen_number(json, digits, (size_t)snprintf(digits, sizeof digits, "%.17g", number));
    else
        yajl_gen_null(json);
}

/* Elements of a list that are written: those behind the last that is not zero need not be. */
static size_t elements_of(const struct layout *list, const char *around)
{
    if (list->counted)
        return *(const uint32_t *)(const void *)(around + list->counter);
    size_t n = list->most;
    while (list->members->kind == LAYOUT_COUNT32 && n > 0 &&
           *(const uint32_t *)(const void *)(around + list->offset + (n - 1) * list->stride) == 0)
        n--;
    return n;
}

static void put_value(yajl_gen json, const struct layout *layout, const char *around,
                      unsigned parts);

static void put_list(yajl_gen json, const struct layout *list, const char *around, unsigned parts)
{
    yajl_gen_array_open(json);
    size_t n = elements_of(list, around);
    for (size_t i = 0; i < n; i++)
        put_value(json, list->members, around + list->offset + i * list->stride, parts);
    yajl_gen_array_close(json);
}

static void put_value(yajl_gen json, const struct layout *layout, const char *around,
                      unsigned parts)
{
    const void *value = around + layout->offset;
    switch (layout->kind) {
    case LAYOUT_NUMBER:
        put_number(json, *(const double *)value);
        break;
    case LAYOUT_COUNT:
        put_count(json, *(const uint64_t *)value);
        break;
    case LAYOUT_COUNT32:
        put_count(json, *(const uint32_t *)value);
        break;
    case LAYOUT_TRUTH:
        yajl_gen_bool(json, *(const bool *)value);
        break;
    case LAYOUT_TEXT:
        if (*(const char *)value)
            put_string(json, value);
        else
            yajl_gen_null(json);
        break;
    case LAYOUT_FLAG:
        yajl_gen_bool(json, (*(const unsigned *)value & layout->flag) != 0);
        break;
    case LAYOUT_OBJECT:
        yajl_gen_map_open(json);
        layout_write(json, layout->members, value, parts);
        yajl_gen_map_close(json);
        break;
    case LAYOUT_LIST:
        put_list(json, layout, around, parts);
        break;
    }
}

void layout_write(yajl_gen json, const struct layout members[], const void *base, unsigned parts)
{
    for (const struct layout *member = members; member->name; member++) {
        if ((member->part & parts) != member->part)
            continue;
        put_string(json, member->name);
        put_value(json, member, base, parts);
    }
}
