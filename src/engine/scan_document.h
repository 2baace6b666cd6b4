/* SPDX-License-Identifier: MIT
 *
 * The form of a scan file: what its JSON comes to, event by event; for scan_read.c.
 */
#ifndef ENGINE_SCAN_DOCUMENT_H
#define ENGINE_SCAN_DOCUMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <yajl/yajl_gen.h>

#include "base/error.h"
#include "base/text.h"
#include "engine/layout.h"
#include "engine/record.h"
#include "engine/scan.h"
#include "model/tensor.h"

enum section { TOP, SETTINGS, LAYOUT, TENSORS, PASSED_OVER };

enum key {
    KEY_OTHER,
    KEY_VERSION,
    KEY_DOCUMENT,
    KEY_MODEL,
    KEY_FORMAT,
    KEY_SETTINGS,
    KEY_PART,
    KEY_PARTS,
    KEY_LAYOUT,
    KEY_TENSORS,
    KEY_COMPLETE,
    KEY_NAME,
    KEY_DTYPE,
    KEY_SHAPE,
    KEY_BYTES,
    KEY_ALIAS,
};

struct scan_document {
    struct scan *scan; /* model is NULL until the layout begins */
    struct text path, format;
    bool is_scan; /* the document says so */
    enum section section;
    enum key key;
    unsigned depth; /* containers open */
    yajl_gen settings;

    /* The tensor of the layout that is being read. */
    struct text name, dtype, alias;
    bool tied;
    uint64_t dims[TENSOR_RANK_MOST], bytes;
    unsigned rank;

    /* The record that is being read. */
    struct layout_reader layout;
    struct survey_record record;
    uint64_t index;
    bool index_next, indexed;

    struct error inner; /* why an event was refused */
};

/* Begins as all zero, but for an empty scan of part 1 of 1.  False with document->inner if the
 * event does not fit the form. */
bool scan_document_take(struct scan_document *document, enum layout_event event, const char *bytes,
                        size_t length);

/* Frees what the document has but the scan. */
void scan_document_done(struct scan_document *document);

#endif
