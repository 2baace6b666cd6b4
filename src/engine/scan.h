/* SPDX-License-Identifier: MIT
 *
 * A scan: the records of a model's tensors, or of a part of them, in a file that can be looked at
 * where the weights are not.
 *
 * The file is one JSON document of many lines: a head with the settings and the names and shapes of
 * all tensors, a line for each record as soon as it is known, and an end.  What a killed scan has
 * written up to then can be read.
 */
#ifndef ENGINE_SCAN_H
#define ENGINE_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/text.h"
#include "engine/record.h"
#include "model/model.h"

#define SCAN_PARTS_MOST 100000

/* Why a tensor of a scan cannot be read. */
#define SCAN_REASON "a scan file has no weights"

struct scan {
    char *version;                  /* of the program that made it, printable */
    struct text settings;           /* a JSON object: what the survey was asked for */
    unsigned part, parts;           /* which of how many parts, from 1; 1 of 1 is the whole model */
    const struct model *model;      /* names and shapes; lent if outline is NULL */
    struct model *outline;          /* the same, owned */
    struct survey_record **records; /* of each tensor of the model; NULL: not scanned */
    size_t count;                   /* of them that are known */
    bool complete;                  /* whether the scan came to its end */
};

/* A scan without records; the model is lent. */
struct scan *scan_new(const char *version, const char *settings, const struct model *model);
void scan_free(struct scan *scan);

/* Keeps a copy; a record that is there is replaced. */
void scan_keep(struct scan *scan, size_t tensor, const struct survey_record *record);

/* Tells for each tensor whether it is in part `part` of `parts`: runs of neighbours of about the
 * same number of bytes.  Aliases of others are in none. */
void scan_select(const struct model *model, unsigned part, unsigned parts, bool selected[]);

/* The three kinds of piece that make a file, appended to out. */
void scan_write_head(struct text *out, const struct scan *scan);
void scan_write_record(struct text *out, const struct scan *scan, size_t tensor, bool first);
void scan_write_end(struct text *out, bool complete);

/* The whole file. */
void scan_write(struct text *out, const struct scan *scan);

/* Reads a file piece by piece. */
struct scan_reader;
struct scan_reader *scan_reader_new(void);

/* False with ERROR_FILE, "what is wrong (byte N)". */
bool scan_reader_feed(struct scan_reader *reader, const char *bytes, size_t length,
                      struct error *error);

/* The scan, and the reader is freed; NULL with ERROR_FILE if there is none.  A file that ends too
 * soon, or behind which somebody says it broke, gives what it has, not complete. */
struct scan *scan_reader_end(struct scan_reader *reader, struct error *error);

/* Whether two models have the same tensors: names, types and shapes. */
bool scan_same_model(const struct model *a, const struct model *b);

/* Brings scans together that differ in their parts alone, or are of different files of one model,
 * which then come in the order given.  NULL with ERROR_USAGE, "names[i] ...". */
struct scan *scan_merge(const struct scan *const scans[], const char *const names[], size_t n,
                        struct error *error);

#endif
