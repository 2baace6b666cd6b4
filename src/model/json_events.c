/* SPDX-License-Identifier: MIT */
#include "model/json_events.h"

#include "base/mem.h"

static int tell(const void *context, enum json_event event, const char *bytes, size_t length)
{
    const struct json_listener *listener = context;
    return listener->take(listener->context, event, bytes, length);
}

static int on_null(void *listener)
{
    return tell(listener, JSON_NULL, "null", 4);
}

static int on_boolean(void *listener, int value)
{
    return tell(listener, JSON_BOOLEAN, value ? "true" : "false", value ? 4 : 5);
}

static int on_number(void *listener, const char *digits, size_t length)
{
    return tell(listener, JSON_NUMBER, digits, length);
}

static int on_string(void *listener, const unsigned char *bytes, size_t length)
{
    return tell(listener, JSON_STRING, (const char *)bytes, length);
}

static int on_key(void *listener, const unsigned char *bytes, size_t length)
{
    return tell(listener, JSON_KEY, (const char *)bytes, length);
}

static int on_object(void *listener)
{
    return tell(listener, JSON_OBJECT, NULL, 0);
}

static int on_object_end(void *listener)
{
    return tell(listener, JSON_OBJECT_END, NULL, 0);
}

static int on_array(void *listener)
{
    return tell(listener, JSON_ARRAY, NULL, 0);
}

static int on_array_end(void *listener)
{
    return tell(listener, JSON_ARRAY_END, NULL, 0);
}

static const yajl_callbacks callbacks = {
    .yajl_null = on_null,
    .yajl_boolean = on_boolean,
    .yajl_number = on_number,
    .yajl_string = on_string,
    .yajl_start_map = on_object,
    .yajl_map_key = on_key,
    .yajl_end_map = on_object_end,
    .yajl_start_array = on_array,
    .yajl_end_array = on_array_end,
};

yajl_handle json_parser_new(const struct json_listener *listener)
{
    /* yajl does not say that its callbacks leave the context alone; ours do. */
    const yajl_handle parser = yajl_alloc(&callbacks, NULL, (void *)listener);
    if (!parser)
        mem_panic("out of memory");
    return parser;
}
