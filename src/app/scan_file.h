/* SPDX-License-Identifier: MIT
 *
 * Scan files on the disk: plain, or packed with gzip if their name ends in .gz.
 */
#ifndef APP_SCAN_FILE_H
#define APP_SCAN_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include <zlib.h>

#include "base/error.h"
#include "base/text.h"
#include "engine/scan.h"

/* Reads a scan, packed or not; NULL with ERROR_FILE.  One that was not finished is what it has. */
struct scan *scan_file_read(const char *path, struct error *error);

/* A scan that is being written, record by record: what was added is in the file when the call
 * returns, so that a program that is killed loses nothing but the tensor it works on. */
struct scan_writer {
    const char *path; /* NULL: standard output */
    int descriptor;
    gzFile packed; /* NULL: not packed */
    bool first;    /* no record was written yet */
    int failure;   /* errno of the first write that failed, or 0 */
    struct text buffer;
};

/* Begins a file with the records that the scan has.  One that is there stays as it is until all of
 * that is on the disk.  False with ERROR_SYSTEM, or without if it is a closed pipe. */
bool scan_writer_open(struct scan_writer *writer, const struct scan *scan, const char *path,
                      struct error *error);

/* Adds a record of the scan; false once a write has failed: scan_writer_close tells why. */
bool scan_writer_add(struct scan_writer *writer, const struct scan *scan, size_t tensor);

/* Adds the end, which says whether all that was asked for is there. */
void scan_writer_end(struct scan_writer *writer, bool complete);

/* Closes the file, with its end or without.  False with ERROR_SYSTEM if something could not be
 * written; but a closed pipe is no error, its reader has had enough. */
bool scan_writer_close(struct scan_writer *writer, struct error *error);

#endif
