/* SPDX-License-Identifier: MIT */
#include "model/config.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/text.h"
#include "model/json_events.h"
#include "model/parts.h"

#define CONFIG_MOST (16u << 20) /* bytes; the largest known, of many labels, have less than one */
#define DEPTH_MOST  64

/* A container that is open. */
struct level {
    bool array;
    size_t path;  /* length of the path to it */
    size_t index; /* elements of an array that have begun */
};

struct flattening {
    struct metadata *metadata;
    struct arena *arena;
    struct text path; /* of the value that is being read */
    struct level levels[DEPTH_MOST];
    unsigned depth;
    unsigned hidden;   /* depth of the container whose rest is not shown; 0 for none */
    const char *fault; /* why we have stopped */
};

static void add(struct flattening *flattening, const char *type, const char *value, size_t length)
{
    const struct text *path = &flattening->path;
    metadata_add(flattening->metadata, flattening->arena, CONFIG_SOURCE, type,
                 path->data ? path->data : "", path->length, value, length);
}

/* Cuts the path to that of the innermost container. */
static void step_back(struct flattening *flattening)
{
    if (flattening->depth > 0 && flattening->path.length > 0)
        flattening->path.length = flattening->levels[flattening->depth - 1].path;
}

static void step_into(struct flattening *flattening, const char *key, size_t length)
{
    step_back(flattening);
    if (flattening->path.length > 0)
        text_puts(&flattening->path, ".");
    text_add(&flattening->path, key, length);
}

/* Sets the path of the value that begins.  False if it is not to be shown. */
static bool begin_value(struct flattening *flattening)
{
    if (flattening->depth == 0 || flattening->hidden > 0)
        return false;
    struct level *level = &flattening->levels[flattening->depth - 1];
    if (!level->array)
        return true;
    char number[TEXT_NUMBER];
    int length = snprintf(number, sizeof number, "%zu", level->index);
    step_into(flattening, number, (size_t)length);
    return level->index++ < METADATA_ARRAY_SHOWN;
}

static bool scalar(struct flattening *flattening, const char *type, const char *value,
                   size_t length)
{
    if (flattening->depth == 0)
        flattening->fault = "is not a JSON object";
    else if (begin_value(flattening))
        add(flattening, type, value, length);
    return !flattening->fault;
}

static bool open_container(struct flattening *flattening, bool array)
{
    if (flattening->depth == 0 && array)
        flattening->fault = "is not a JSON object";
    else if (flattening->depth == DEPTH_MOST)
        flattening->fault = "is nested more than 64 deep";
    if (flattening->fault)
        return false;
    bool shown = begin_value(flattening) || flattening->depth == 0;
    flattening->levels[flattening->depth++] = (struct level){array, flattening->path.length, 0};
    if (!shown && flattening->hidden == 0)
        flattening->hidden = flattening->depth;
    return true;
}

static bool close_container(struct flattening *flattening)
{
    const struct level *level = &flattening->levels[flattening->depth - 1];
    step_back(flattening);
    if (level->array && level->index > METADATA_ARRAY_SHOWN && flattening->hidden == 0) {
        char text[64];
        int length = snprintf(text, sizeof text, "… (%zu more elements)",
                              level->index - METADATA_ARRAY_SHOWN);
        add(flattening, "array", text, (size_t)length);
    }
    if (flattening->hidden == flattening->depth)
        flattening->hidden = 0;
    flattening->depth--;
    return true;
}

static bool on_event(void *context, enum json_event event, const char *bytes, size_t length)
{
    static const char *const types[] = {[JSON_NULL] = "null",
                                        [JSON_BOOLEAN] = "boolean",
                                        [JSON_NUMBER] = "number",
                                        [JSON_STRING] = "string"};
    struct flattening *flattening = context;
    if (event == JSON_OBJECT || event == JSON_ARRAY)
        return open_container(flattening, event == JSON_ARRAY);
    if (event == JSON_OBJECT_END || event == JSON_ARRAY_END)
        return close_container(flattening);
    if (event != JSON_KEY)
        return scalar(flattening, types[event], bytes, length);
    if (flattening->hidden == 0)
        step_into(flattening, bytes, length);
    return true;
}

static void add_fault(struct metadata *metadata, struct arena *arena, const char *fault)
{
    metadata_add(metadata, arena, CONFIG_SOURCE, "string", "not read", strlen("not read"), fault,
                 strlen(fault));
}

/* Takes back what a text has given before it turned out to be broken. */
static void add_fault_instead(struct flattening *flattening, const struct metadata *before,
                              yajl_handle parser, size_t length)
{
    flattening->metadata->count = before->count;
    flattening->metadata->dropped = before->dropped;
    if (flattening->fault) {
        add_fault(flattening->metadata, flattening->arena, flattening->fault);
        return;
    }
    unsigned char *reason = yajl_get_error(parser, 0, NULL, 0);
    size_t at = yajl_get_bytes_consumed(parser); /* one more where a text ends too early */
    struct text fault = {0};
    text_printf(&fault, "is not valid JSON: %.*s (byte %zu)",
                (int)strcspn((const char *)reason, "\n"), (const char *)reason,
                at < length ? at : length);
    add_fault(flattening->metadata, flattening->arena, fault.data);
    text_done(&fault);
    yajl_free_error(parser, reason);
}

void config_flatten(struct metadata *metadata, struct arena *arena, const char *text, size_t length)
{
    const struct metadata before = *metadata;
    struct flattening flattening = {.metadata = metadata, .arena = arena};
    const struct json_listener listener = {on_event, &flattening};
    yajl_handle parser = json_parser_new(&listener);
    yajl_status status = yajl_parse(parser, (const unsigned char *)text, length);
    if (status == yajl_status_ok)
        status = yajl_complete_parse(parser);
    if (status != yajl_status_ok)
        add_fault_instead(&flattening, &before, parser, length);
    yajl_free(parser);
    text_done(&flattening.path);
}

/* The text of a file; NULL with *error. */
static char *text_of(const char *path, size_t *length, struct error *error)
{
    struct content *file = content_open(path, error);
    char *text = NULL;
    if (file && file->size > CONFIG_MOST) {
        error_set(error, ERROR_FILE, "is larger than 16 MiB");
    } else if (file) {
        *length = (size_t)file->size;
        text = mem_alloc(*length, 1);
        if (!content_read(file, 0, *length, text, error)) {
            mem_free(text);
            text = NULL;
        }
    }
    content_free(file);
    return text;
}

void config_read(struct model *model)
{
    const struct model_parts *parts = model->parts;
    const char *first = parts->content_count > 0 ? parts->contents[0]->path : NULL;
    if (!first)
        return;
    struct text path = {0};
    const char *slash = strrchr(first, '/');
    text_add(&path, first, slash ? (size_t)(slash + 1 - first) : 0);
    text_puts(&path, CONFIG_SOURCE);
    if (access(path.data, F_OK) == 0) {
        struct error error = {0};
        size_t length = 0;
        char *text = text_of(path.data, &length, &error);
        if (text)
            config_flatten(&model->metadata, &model->parts->arena, text, length);
        else
            add_fault(&model->metadata, &model->parts->arena, error.text);
        mem_free(text);
    }
    text_done(&path);
}
