/* SPDX-License-Identifier: MIT */
#include "engine/scan.h"

#include <inttypes.h>
#include <string.h>

#include "base/mem.h"
#include "engine/scan_document.h"
#include "model/json_events.h"

/* A file larger than this is none of ours: models of 262 144 tensors have scans of half of it. */
#define BYTES_MOST (UINT64_C(4) << 30)

struct scan_reader {
    struct json_listener listener;
    yajl_handle parser;
    struct scan_document document;
    uint64_t fed;
    bool broken;
};

static bool on_event(void *document, enum json_event event, const char *bytes, size_t length)
{
    static const enum layout_event events[] = {
        [JSON_NULL] = LAYOUT_ON_NULL,      [JSON_NUMBER] = LAYOUT_ON_NUMBER,
        [JSON_STRING] = LAYOUT_ON_STRING,  [JSON_KEY] = LAYOUT_ON_KEY,
        [JSON_OBJECT] = LAYOUT_ON_OBJECT,  [JSON_ARRAY] = LAYOUT_ON_LIST,
        [JSON_OBJECT_END] = LAYOUT_ON_END, [JSON_ARRAY_END] = LAYOUT_ON_END,
    };
    if (event == JSON_BOOLEAN)
        return scan_document_take(document, *bytes == 't' ? LAYOUT_ON_TRUE : LAYOUT_ON_FALSE, bytes,
                                  length);
    return scan_document_take(document, events[event], bytes, length);
}

struct scan_reader *scan_reader_new(void)
{
    struct scan_reader *reader = mem_zero(1, sizeof *reader);
    reader->document.scan = mem_zero(1, sizeof *reader->document.scan);
    reader->document.scan->part = reader->document.scan->parts = 1;
    reader->listener = (struct json_listener){on_event, &reader->document};
    reader->parser = json_parser_new(&reader->listener);
    return reader;
}

/* What yajl says of bytes that are no JSON, on one line. */
static bool fail_syntax(struct scan_reader *reader, uint64_t at, struct error *error)
{
    unsigned char *reason = yajl_get_error(reader->parser, 0, NULL, 0);
    const char *text = (const char *)reason;
    error_set(error, ERROR_FILE, "is not valid JSON: %.*s (byte %" PRIu64 ")",
              (int)strcspn(text, "\n"), text, at);
    yajl_free_error(reader->parser, reason);
    return false;
}

bool scan_reader_feed(struct scan_reader *reader, const char *bytes, size_t length,
                      struct error *error)
{
    const struct scan_document *document = &reader->document;
    if (length > BYTES_MOST - reader->fed)
        return error_set(error, ERROR_FILE, "is too large for a scan");
    yajl_status status = yajl_parse(reader->parser, (const unsigned char *)bytes, length);
    uint64_t at = reader->fed + yajl_get_bytes_consumed(reader->parser);
    reader->fed += length;
    reader->broken = status != yajl_status_ok;
    if (status == yajl_status_error)
        return fail_syntax(reader, at, error);
    return !reader->broken || error_set(error, document->inner.code, "%s (byte %" PRIu64 ")",
                                        document->inner.text, at);
}

/* Whether there is enough to show.  A file that ends within its head is of no use. */
static bool check(const struct scan_reader *reader, struct error *error)
{
    const struct scan_document *document = &reader->document;
    const struct scan *scan = document->scan;
    if (!document->is_scan || !scan->version)
        return error_set(error, ERROR_FILE, "is not a scan file");
    if (!scan->records || !document->settings)
        return error_set(error, ERROR_FILE, "ends before the first record");
    return (scan->part >= 1 && scan->part <= scan->parts) ||
           error_set(error, ERROR_FILE, "is part %u of %u, which cannot be", scan->part,
                     scan->parts);
}

static void keep_settings(struct scan_document *document)
{
    const unsigned char *bytes;
    size_t length;
    yajl_gen_get_buf(document->settings, &bytes, &length);
    text_add(&document->scan->settings, (const char *)bytes, length);
}

struct scan *scan_reader_end(struct scan_reader *reader, struct error *error)
{
    struct scan *scan = reader->document.scan;
    bool good = !reader->broken && check(reader, error);
    if (good)
        keep_settings(&reader->document);
    yajl_free(reader->parser);
    scan_document_done(&reader->document);
    mem_free(reader);
    if (good)
        return scan;
    scan_free(scan);
    return NULL;
}
