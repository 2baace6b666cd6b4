/* SPDX-License-Identifier: MIT
 *
 * The input is a scan file.  One that can be read is written, read again, and merged with itself;
 * and the reasons of its records are found, whatever they claim.
 */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/utf8.h"
#include "engine/reasons.h"
#include "engine/scan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        __builtin_trap();
}

/* In pieces, so that they cut words. */
static struct scan *read_scan(const char *bytes, size_t size, struct error *error)
{
    struct scan_reader *reader = scan_reader_new();
    struct error later;
    bool good = true;
    for (size_t at = 0; good && at < size; at += 61)
        good = scan_reader_feed(reader, bytes + at, size - at < 61 ? size - at : 61, error);
    struct scan *scan = scan_reader_end(reader, good ? error : &later);
    require(good || !scan);
    return scan;
}

static void use(const struct scan *scan)
{
    for (size_t i = 0; i < scan->model->count; i++) {
        const struct survey_record *record = scan->records[i];
        if (!record)
            continue;
        struct reasons reasons = reasons_find(record);
        require(reasons.count <= REASONS_MOST);
        require(utf8_printable(record->failure, strlen(record->failure)));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct error error = {ERROR_NONE, ""};
    struct scan *scan = read_scan((const char *)data, size, &error);
    if (!scan) {
        require(error.code == ERROR_FILE && utf8_printable(error.text, strlen(error.text)));
        return 0;
    }
    use(scan);
    struct text first = {0}, second = {0};
    scan_write(&first, scan);
    struct scan *again = read_scan(first.data, first.length, &error);
    require(again != NULL);
    scan_write(&second, again);
    require(first.length == second.length && memcmp(first.data, second.data, first.length) == 0);
    const struct scan *const scans[] = {scan, again};
    const char *const names[] = {"first", "second"};
    struct scan *merged = scan_merge(scans, names, 2, &error);
    require(merged && merged->count == scan->count);
    scan_free(merged);
    scan_free(again);
    scan_free(scan);
    text_done(&first);
    text_done(&second);
    return 0;
}
