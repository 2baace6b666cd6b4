/* SPDX-License-Identifier: MIT */
#include "engine/scan.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <yajl/yajl_gen.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "engine/record_layout.h"

static yajl_gen begin(void)
{
    yajl_gen json = yajl_gen_alloc(NULL);
    if (!json)
        mem_panic("out of memory");
    yajl_gen_map_open(json);
    return json;
}

/* Appends what was written so far. */
static void end(yajl_gen json, struct text *out)
{
    const unsigned char *bytes;
    size_t length;
    yajl_gen_get_buf(json, &bytes, &length);
    text_add(out, (const char *)bytes, length);
    yajl_gen_free(json);
}

static void put_bytes(yajl_gen json, const char *key, const char *bytes, size_t length)
{
    yajl_gen_string(json, (const unsigned char *)key, strlen(key));
    if (bytes)
        yajl_gen_string(json, (const unsigned char *)bytes, length);
    else
        yajl_gen_null(json);
}

static void put_string(yajl_gen json, const char *key, const char *string)
{
    put_bytes(json, key, string, string ? strlen(string) : 0);
}

/* yajl passes on whatever is called a number. */
static void put_verbatim(yajl_gen json, const char *key, const char *text)
{
    yajl_gen_string(json, (const unsigned char *)key, strlen(key));
    yajl_gen_number(json, text, strlen(text));
}

static void put_count(yajl_gen json, const char *key, uint64_t count)
{
    char digits[24];
    snprintf(digits, sizeof digits, "%" PRIu64, count);
    put_verbatim(json, key, digits);
}

static void put_shape(yajl_gen json, const struct tensor *tensor)
{
    struct text shape = {0};
    text_puts(&shape, "[");
    for (unsigned i = 0; i < tensor->rank; i++)
        text_printf(&shape, "%s%" PRIu64, i ? "," : "", tensor->dims[i]);
    text_puts(&shape, "]");
    put_verbatim(json, "shape", shape.data);
    text_done(&shape);
}

/* Name, type and shape, without which a line of a record would say little to other programs. */
static void put_tensor(yajl_gen json, const struct tensor *tensor)
{
    put_bytes(json, "name", tensor->name, tensor->name_length);
    put_string(json, "dtype", tensor->dtype_name);
    put_shape(json, tensor);
}

void scan_write_head(struct text *out, const struct scan *scan)
{
    /* JSON must be UTF-8, and a path need not be. */
    struct text path = {0};
    utf8_escape(&path, scan->model->path, strlen(scan->model->path));
    yajl_gen json = begin();
    put_string(json, "roundoff", scan->version);
    put_string(json, "document", "scan");
    put_bytes(json, "model", path.data ? path.data : "", path.length);
    put_string(json, "format", scan->model->format);
    put_verbatim(json, "settings", scan->settings.data);
    put_count(json, "part", scan->part);
    put_count(json, "parts", scan->parts);
    end(json, out);
    text_done(&path);
    text_puts(out, ",\"layout\":[");
    for (size_t i = 0; i < scan->model->count; i++) {
        const struct tensor *tensor = &scan->model->tensors[i];
        text_puts(out, i ? ",\n" : "\n");
        json = begin();
        put_tensor(json, tensor);
        put_count(json, "bytes", tensor->bytes);
        put_string(json, "alias_of", tensor->alias_of);
        yajl_gen_map_close(json);
        end(json, out);
    }
    text_puts(out, "],\n\"tensors\":[");
}

void scan_write_record(struct text *out, const struct scan *scan, size_t tensor, bool first)
{
    const struct survey_record *record = scan->records[tensor];
    text_puts(out, first ? "\n" : ",\n");
    yajl_gen json = begin();
    put_count(json, "index", tensor);
    put_tensor(json, &scan->model->tensors[tensor]);
    layout_write(json, record_layout, record, record->parts);
    yajl_gen_map_close(json);
    end(json, out);
}

void scan_write_end(struct text *out, bool complete)
{
    text_printf(out, "],\n\"complete\":%s}\n", complete ? "true" : "false");
}

void scan_write(struct text *out, const struct scan *scan)
{
    scan_write_head(out, scan);
    bool first = true;
    for (size_t i = 0; i < scan->model->count; i++) {
        if (!scan->records[i])
            continue;
        scan_write_record(out, scan, i, first);
        first = false;
    }
    scan_write_end(out, scan->complete);
}
