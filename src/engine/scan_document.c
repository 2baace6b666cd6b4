/* SPDX-License-Identifier: MIT */
#include "engine/scan_document.h"

#include <string.h>

#include <yajl/yajl_gen.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "engine/record_layout.h"
#include "model/outline.h"

static const char *const key_names[] = {
    [KEY_OTHER] = "",          [KEY_VERSION] = "roundoff",  [KEY_DOCUMENT] = "document",
    [KEY_MODEL] = "model",     [KEY_FORMAT] = "format",     [KEY_SETTINGS] = "settings",
    [KEY_PART] = "part",       [KEY_PARTS] = "parts",       [KEY_LAYOUT] = "layout",
    [KEY_TENSORS] = "tensors", [KEY_COMPLETE] = "complete", [KEY_NAME] = "name",
    [KEY_DTYPE] = "dtype",     [KEY_SHAPE] = "shape",       [KEY_BYTES] = "bytes",
    [KEY_ALIAS] = "alias_of",
};

static bool refuse(struct scan_document *document, const char *wrong)
{
    return error_set(&document->inner, ERROR_FILE, "%s", wrong);
}

static enum key key_of(const char *name, size_t length)
{
    for (unsigned i = KEY_OTHER + 1; i < sizeof key_names / sizeof *key_names; i++)
        if (strlen(key_names[i]) == length && memcmp(key_names[i], name, length) == 0)
            return (enum key)i;
    return KEY_OTHER;
}

static void set_text(struct text *text, const char *bytes, size_t length)
{
    text_clear(text);
    text_add(text, bytes, length);
}

static bool take_whole(struct scan_document *document, const char *digits, size_t length,
                       uint64_t most, uint64_t *value)
{
    *value = 0;
    for (size_t i = 0; i < length; i++) {
        unsigned digit = (unsigned char)digits[i] - (unsigned)'0';
        if (digit > 9 || *value > (most - digit) / 10)
            return refuse(document, "a whole number is wanted, and not so large a one");
        *value = *value * 10 + digit;
    }
    return true;
}

static bool begin_layout(struct scan_document *document)
{
    if (!document->is_scan || !document->path.data || !document->format.data ||
        document->scan->model)
        return refuse(document, "the layout comes before what it belongs to, or twice");
    document->scan->outline = outline_new(document->path.data, document->format.data);
    document->scan->model = document->scan->outline;
    document->section = LAYOUT;
    return true;
}

static bool begin_tensors(struct scan_document *document)
{
    if (!document->scan->model || document->scan->records)
        return refuse(document, "records come before the layout, or twice");
    if (!outline_check(document->scan->outline, &document->inner))
        return false;
    document->scan->records =
        mem_zero(document->scan->model->count, sizeof(struct survey_record *));
    document->section = TENSORS;
    return true;
}

/* The beginning of a container at the top. */
static bool open_top(struct scan_document *document, bool list)
{
    if (document->depth == 1)
        return !list || refuse(document, "an object is wanted");
    if (document->key == KEY_LAYOUT && list)
        return begin_layout(document);
    if (document->key == KEY_TENSORS && list)
        return begin_tensors(document);
    bool settings = document->key == KEY_SETTINGS && !list && !document->settings;
    document->section = settings ? SETTINGS : PASSED_OVER;
    if (!settings)
        return true;
    document->settings = yajl_gen_alloc(NULL);
    return yajl_gen_map_open(document->settings) == yajl_gen_status_ok;
}

static bool take_top_string(struct scan_document *document, const char *bytes, size_t length)
{
    struct text *text = document->key == KEY_MODEL    ? &document->path
                        : document->key == KEY_FORMAT ? &document->format
                                                      : NULL;
    if (document->key == KEY_DOCUMENT)
        document->is_scan = length == 4 && memcmp(bytes, "scan", 4) == 0;
    if (document->key == KEY_VERSION && !document->scan->version) {
        struct text version = {0};
        utf8_escape(&version, bytes, length > 100 ? 100 : length);
        document->scan->version = mem_string(version.data ? version.data : "", version.length);
        text_done(&version);
    }
    if (text) {
        text_clear(text);
        text_puts(text, "");
        utf8_escape(text, bytes, length);
    }
    return true;
}

static bool take_top(struct scan_document *document, enum layout_event event, const char *bytes,
                     size_t length)
{
    uint64_t value;
    switch (event) {
    case LAYOUT_ON_KEY:
        document->key = key_of(bytes, length);
        return true;
    case LAYOUT_ON_OBJECT:
    case LAYOUT_ON_LIST:
        return open_top(document, event == LAYOUT_ON_LIST);
    case LAYOUT_ON_STRING:
        return take_top_string(document, bytes, length);
    case LAYOUT_ON_NUMBER:
        if (document->key != KEY_PART && document->key != KEY_PARTS)
            return true;
        if (!take_whole(document, bytes, length, SCAN_PARTS_MOST, &value))
            return false;
        *(document->key == KEY_PART ? &document->scan->part : &document->scan->parts) =
            (unsigned)value;
        return true;
    case LAYOUT_ON_TRUE:
        document->scan->complete |= document->key == KEY_COMPLETE;
        return true;
    default:
        return true;
    }
}

/* Passed on to a generator, so that they come out as they were written. */
static bool take_setting(struct scan_document *document, enum layout_event event, const char *bytes,
                         size_t length)
{
    const unsigned char *string = (const unsigned char *)bytes;
    yajl_gen json = document->settings;
    yajl_gen_status status = yajl_gen_status_ok;
    switch (event) {
    case LAYOUT_ON_NULL:
        status = yajl_gen_null(json);
        break;
    case LAYOUT_ON_FALSE:
    case LAYOUT_ON_TRUE:
        status = yajl_gen_bool(json, event == LAYOUT_ON_TRUE);
        break;
    case LAYOUT_ON_NUMBER:
        status = yajl_gen_number(json, bytes, length);
        break;
    case LAYOUT_ON_STRING:
    case LAYOUT_ON_KEY:
        status = yajl_gen_string(json, string, length);
        break;
    case LAYOUT_ON_LIST:
        status = yajl_gen_array_open(json);
        break;
    case LAYOUT_ON_OBJECT:
        return refuse(document, "a setting is an object");
    case LAYOUT_ON_END:
        status = document->depth == 1 ? yajl_gen_map_close(json) : yajl_gen_array_close(json);
        if (document->depth == 1)
            document->section = TOP;
        break;
    }
    return status == yajl_gen_status_ok || refuse(document, "the settings are too complicated");
}

static bool end_tensor(struct scan_document *document)
{
    const struct outline_tensor tensor = {
        .name = document->name.data ? document->name.data : "",
        .name_length = document->name.length,
        .dtype = document->dtype.data ? document->dtype.data : "",
        .rank = document->rank,
        .dims = document->dims,
        .bytes = document->bytes,
        .alias_of = document->tied ? document->alias.data : NULL,
    };
    bool good = outline_add(document->scan->outline, &tensor, SCAN_REASON, &document->inner);
    text_clear(&document->dtype);
    text_clear(&document->name);
    document->rank = 0;
    document->bytes = 0;
    document->tied = false;
    return good;
}

static bool take_tensor_value(struct scan_document *document, enum layout_event event,
                              const char *bytes, size_t length)
{
    if (event == LAYOUT_ON_STRING && document->key == KEY_NAME) {
        set_text(&document->name, bytes, length);
    } else if (event == LAYOUT_ON_STRING && document->key == KEY_DTYPE) {
        set_text(&document->dtype, bytes, length);
    } else if (event == LAYOUT_ON_STRING && document->key == KEY_ALIAS) {
        set_text(&document->alias, bytes, length);
        document->tied = true;
    } else if (event == LAYOUT_ON_NUMBER && document->key == KEY_BYTES) {
        return take_whole(document, bytes, length, UINT64_MAX, &document->bytes);
    } else if (event == LAYOUT_ON_NUMBER && document->key == KEY_SHAPE && document->depth == 4) {
        if (document->rank == TENSOR_RANK_MOST)
            return refuse(document, "a shape has too many dimensions");
        return take_whole(document, bytes, length, UINT64_MAX, &document->dims[document->rank++]);
    }
    return true;
}

/* Depth 2 is the list itself, 3 a tensor, 4 its shape. */
static bool take_layout(struct scan_document *document, enum layout_event event, const char *bytes,
                        size_t length)
{
    switch (event) {
    case LAYOUT_ON_KEY:
        document->key = key_of(bytes, length);
        return true;
    case LAYOUT_ON_OBJECT:
        return document->depth == 3 || refuse(document, "a layout is nested too deep");
    case LAYOUT_ON_LIST:
        return (document->depth == 4 && document->key == KEY_SHAPE) ||
               refuse(document, "a list is where none is wanted");
    case LAYOUT_ON_END:
        if (document->depth == 1)
            document->section = TOP;
        return document->depth != 2 || end_tensor(document);
    default:
        return document->depth > 2 ? take_tensor_value(document, event, bytes, length)
                                   : refuse(document, "an object is wanted");
    }
}

static bool end_record(struct scan_document *document)
{
    struct scan *scan = document->scan;
    if (!document->indexed || document->index >= scan->model->count ||
        scan->records[document->index])
        return refuse(document, "a record is of no tensor, or of one that has another");
    struct survey_record *record = mem_try(1, sizeof *record);
    if (!record)
        return error_set(&document->inner, ERROR_SYSTEM, "no memory for so many records");
    *record = document->record;
    scan->records[document->index] = record;
    scan->count++;
    return true;
}

static bool take_record(struct scan_document *document, enum layout_event event, const char *bytes,
                        size_t length)
{
    if (document->depth == 1 && event == LAYOUT_ON_END) {
        document->section = TOP;
        return true;
    }
    if (document->depth == 3 && event == LAYOUT_ON_OBJECT && document->layout.depth == 0) {
        record_clear(&document->record);
        layout_begin(&document->layout, record_layout, &document->record);
        document->indexed = document->index_next = false;
        return true;
    }
    if (document->layout.depth == 0)
        return refuse(document, "an object is wanted");
    if (document->index_next && event == LAYOUT_ON_NUMBER) {
        document->index_next = false;
        document->indexed = true;
        return take_whole(document, bytes, length, UINT64_MAX, &document->index);
    }
    document->index_next = event == LAYOUT_ON_KEY && document->depth == 3 && length == 5 &&
                           memcmp(bytes, "index", 5) == 0;
    if (!layout_take(&document->layout, event, bytes, length))
        return refuse(document, document->layout.wrong);
    return document->layout.depth > 0 || end_record(document);
}

bool scan_document_take(struct scan_document *document, enum layout_event event, const char *bytes,
                        size_t length)
{
    document->depth += event == LAYOUT_ON_OBJECT || event == LAYOUT_ON_LIST;
    document->depth -= event == LAYOUT_ON_END;
    switch (document->section) {
    case TOP:
        return take_top(document, event, bytes, length);
    case SETTINGS:
        return take_setting(document, event, bytes, length);
    case LAYOUT:
        return take_layout(document, event, bytes, length);
    case TENSORS:
        return take_record(document, event, bytes, length);
    case PASSED_OVER:
        break;
    }
    if (document->depth == 1)
        document->section = TOP;
    return true;
}

void scan_document_done(struct scan_document *document)
{
    if (document->settings)
        yajl_gen_free(document->settings);
    text_done(&document->path);
    text_done(&document->format);
    text_done(&document->name);
    text_done(&document->dtype);
    text_done(&document->alias);
}
