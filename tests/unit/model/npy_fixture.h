/* SPDX-License-Identifier: MIT
 *
 * What the tests of NumPy's formats share: .npy files made from a header, and the list of damaged
 * files.
 */
#ifndef TESTS_NPY_FIXTURE_H
#define TESTS_NPY_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <yajl/yajl_tree.h>

#include "base/text.h"
#include "model/model.h"

#define NPY_HEADER(DESCR, ORDER, SHAPE) \
    "{'descr': " DESCR ", 'fortran_order': " ORDER ", 'shape': " SHAPE ", }"

/* The bytes of a file of version major.0, without the padding that nobody needs. */
static inline struct text npy_make(unsigned major, const char *header, const void *data, size_t n)
{
    struct text file = {0};
    size_t length = strlen(header);
    const char start[] = {'\x93', 'N', 'U', 'M', 'P', 'Y', (char)major, 0};
    const char size[] = {(char)length, (char)(length >> 8), (char)(length >> 16), 0};
    text_add(&file, start, sizeof start);
    text_add(&file, size, major == 1 ? 2 : 4);
    text_puts(&file, header);
    text_add(&file, data, n);
    return file;
}

static inline char *npy_read_text(const char *path)
{
    static char text[1 << 20];
    FILE *file = fopen(path, "rb");
    if (!file)
        return NULL;
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    return text;
}

/* Opens each damaged file of the folder `kind` ("npy/") and compares what comes of it with what is
 * to be expected.  Skips the test without the files. */
static inline void npy_check_manifest(const char *kind,
                                      struct model *(*open)(const char *path, struct error *error))
{
    const char *folder = getenv("ROUNDOFF_MODELS");
    char path[1024];
    snprintf(path, sizeof path, "%s/malformed/MANIFEST.json", folder ? folder : "");
    const char *text = folder ? npy_read_text(path) : NULL;
    if (!text)
        skip();
    yajl_val manifest = yajl_tree_parse(text, NULL, 0);
    assert_true(YAJL_IS_OBJECT(manifest));
    size_t checked = 0;
    for (size_t i = 0; i < manifest->u.object.len; i++) {
        const char *file = manifest->u.object.keys[i];
        const char *field[] = {"expect", NULL};
        const char *expect =
            YAJL_GET_STRING(yajl_tree_get(manifest->u.object.values[i], field, yajl_t_string));
        if (strncmp(file, kind, strlen(kind)) != 0)
            continue;
        snprintf(path, sizeof path, "%s/malformed/%s", folder, file);
        struct error error = {0};
        struct model *model = open(path, &error);
        assert_non_null(expect);
        if (strcmp(expect, model ? "reject" : "accept") == 0)
            fail_msg("%s: expected to %s it: %s", file, expect, error.text);
        assert_true(model || error.code == ERROR_FILE);
        model_free(model);
        checked++;
    }
    yajl_tree_free(manifest);
    assert_true(checked > 20);
}

#endif
