/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "engine/record_layout.h"
#include "engine/scan.h"
#include "model/outline.h"
#include "record_filled.h"

#define TENSORS 6

/* A model of tensors a.0, a.1, ... of growing size; the last one is another name of the first. */
static struct model *make_model(const char *path, const char *prefix)
{
    struct model *model = outline_new(path, "safetensors");
    for (unsigned i = 0; i < TENSORS; i++) {
        char name[32];
        const uint64_t dims[] = {i + 1, 100};
        snprintf(name, sizeof name, "%s.%u", prefix, i);
        const struct outline_tensor tensor = {
            .name = name,
            .name_length = strlen(name),
            .dtype = "BF16",
            .rank = i % 3,
            .dims = dims,
            .bytes = 200 * (i + 1),
            .alias_of = i + 1 == TENSORS ? "first" : NULL,
        };
        assert_true(outline_add(model, &tensor, SCAN_REASON, NULL));
    }
    return model;
}

/* A scan of one part, with every record of that part. */
static struct scan *make_scan(const struct model *model, unsigned part, unsigned parts)
{
    struct scan *scan = scan_new("1.0", "{\"bits\":4,\"tensor\":\"*\"}", model);
    bool selected[TENSORS];
    scan->part = part;
    scan->parts = parts;
    scan_select(model, part, parts, selected);
    for (size_t i = 0; i < model->count; i++) {
        struct survey_record record;
        record_fill(&record, (unsigned)i + 1);
        if (selected[i])
            scan_keep(scan, i, &record);
    }
    scan->complete = true;
    return scan;
}

static struct scan *read_text(const char *text, size_t length, size_t step, struct error *error)
{
    struct scan_reader *reader = scan_reader_new();
    bool good = true;
    for (size_t at = 0; good && at < length; at += step)
        good = scan_reader_feed(reader, text + at, length - at < step ? length - at : step, error);
    struct scan *scan = scan_reader_end(reader, good ? error : NULL);
    if (!good)
        assert_null(scan);
    return scan;
}

/* Every member of a record comes back, bit for bit. */
static void test_round_trip(void **state)
{
    (void)state;
    struct model *model = make_model("models/m.safetensors", "a");
    struct scan *scan = make_scan(model, 1, 1), *again = NULL;
    struct text text = {0};
    scan_write(&text, scan);
    static const size_t steps[] = {1, 7, 1 << 20};
    for (size_t i = 0; i < 3; i++) {
        struct error error = {ERROR_NONE, ""};
        again = read_text(text.data, text.length, steps[i], &error);
        if (!again)
            fail_msg("%s", error.text);
        assert_true(again->complete && again->count == TENSORS - 1);
        assert_string_equal(again->settings.data, scan->settings.data);
        assert_string_equal(again->version, "1.0");
        assert_string_equal(again->model->path, "models/m.safetensors");
        assert_string_equal(again->model->label, "m.safetensors");
        assert_true(scan_same_model(again->model, model));
        assert_string_equal(again->model->tensors[TENSORS - 1].alias_of, "first");
        assert_int_equal(again->model->bytes, model->bytes);
        for (size_t j = 0; j + 1 < TENSORS; j++)
            assert_memory_equal(again->records[j], scan->records[j], sizeof(struct survey_record));
        scan_free(again);
    }
    text_done(&text);
    scan_free(scan);
    model_free(model);
}

/* What is not known stays so. */
static void test_undefined(void **state)
{
    (void)state;
    struct model *model = make_model("m", "a");
    struct scan *scan = scan_new("1.0", "{}", model);
    struct survey_record record;
    record_clear(&record);
    strcpy(record.failure, "cannot be read");
    scan_keep(scan, 2, &record);
    record_clear(&record);
    record.parts = RECORD_FAST;
    record.weights.mean = 3;
    scan_keep(scan, 1, &record);
    struct text text = {0};
    scan_write(&text, scan);
    struct scan *again = read_text(text.data, text.length, 100, NULL);
    assert_non_null(again);
    assert_false(again->complete);
    assert_null(again->records[0]);
    assert_memory_equal(again->records[2], scan->records[2], sizeof record);
    assert_memory_equal(again->records[1], scan->records[1], sizeof record);
    assert_true(isnan(again->records[1]->weights.std) && again->records[1]->weights.mean == 3);
    text_done(&text);
    scan_free(again);
    scan_free(scan);
    model_free(model);
}

/* Whatever is left of a file has the records that were whole, and says that it is not finished. */
static void test_cut(void **state)
{
    (void)state;
    struct model *model = make_model("m", "a");
    struct scan *scan = make_scan(model, 1, 1);
    struct text text = {0}, head = {0};
    scan_write(&text, scan);
    scan_write_head(&head, scan);
    size_t before = 0;
    for (size_t cut = 0; cut + 2 < text.length; cut += cut < head.length ? 1 : 37) {
        struct scan *part = read_text(text.data, cut, 4096, NULL);
        assert_true(!part == (cut < head.length));
        if (!part)
            continue;
        assert_false(part->complete && cut + 10 < text.length);
        assert_true(part->count >= before && part->count <= before + 1);
        before = part->count;
        for (size_t i = 0; i < part->count; i++)
            assert_memory_equal(part->records[i], scan->records[i], sizeof(struct survey_record));
        scan_free(part);
    }
    assert_int_equal(before, TENSORS - 1);
    text_done(&text);
    text_done(&head);
    scan_free(scan);
    model_free(model);
}

#define HEAD \
    "{\"roundoff\":\"1\",\"document\":\"scan\",\"model\":\"m\",\"format\":\"f\",\"settings\":{},"
#define LAYOUT "\"layout\":[{\"name\":\"a\",\"dtype\":\"F32\",\"shape\":[2,3],\"bytes\":24}],"

static void assert_refused(const char *text, const char *message)
{
    struct error error = {ERROR_NONE, ""};
    struct scan *scan = read_text(text, strlen(text), 1000, &error);
    assert_null(scan);
    assert_int_equal(error.code, ERROR_FILE);
    if (!strstr(error.text, message))
        fail_msg("\"%s\" does not say \"%s\"", error.text, message);
}

static void test_refused(void **state)
{
    (void)state;
    assert_refused("", "is not a scan file");
    assert_refused("[]", "an object is wanted");
    assert_refused("{\"a\":1}", "is not a scan file");
    assert_refused("{\"roundoff\":\"1\",\"tensors\":[]}", "records come before the layout");
    assert_refused("\x7f"
                   "ELF",
                   "not valid JSON");
    assert_refused(HEAD "\"part\":3,\"parts\":2," LAYOUT "\"tensors\":[]}", "part 3 of 2");
    assert_refused(HEAD "\"tensors\":[]}", "records come before the layout");
    assert_refused(HEAD LAYOUT LAYOUT, "or twice");
    assert_refused(HEAD LAYOUT "\"tensors\":[{\"index\":1}]}", "of no tensor");
    assert_refused(HEAD LAYOUT "\"tensors\":[{}]}", "of no tensor");
    assert_refused(HEAD LAYOUT "\"tensors\":[{\"index\":0},{\"index\":0}]}", "has another");
    assert_refused(HEAD LAYOUT "\"tensors\":[{\"index\":0,\"mean\":\"x\"}]}", "a number is wanted");
    assert_refused(HEAD LAYOUT "\"tensors\":[{\"index\":0,\"mean\":1e999}]}", "too large");
    assert_refused(HEAD LAYOUT "\"tensors\":[{\"index\":0,\"channels\":1.5}]}", "a whole number");
    assert_refused(HEAD LAYOUT "\"tensors\":[{\"index\":0,\"bits\":[{},{},{},{},{},{},{},{}]}]}",
                   "too many elements");
    assert_refused(HEAD LAYOUT "\"tensors\":[3]}", "an object is wanted");
    assert_refused(HEAD "\"layout\":[{\"name\":\"a\",\"shape\":[4294967296,4294967296]}],",
                   "is too large");
    assert_refused(HEAD "\"layout\":[{\"name\":\"a\"},{\"name\":\"a\"}],\"tensors\":[]}",
                   "two tensors have the name \"a\"");
    assert_refused(HEAD "\"layout\":[{\"shape\":[[1]]}]", "a list is where none is wanted");
    assert_refused("{\"settings\":{\"a\":{}}}", "a setting is an object");
}

/* What a later version may add is passed over. */
static void test_unknown(void **state)
{
    (void)state;
    const char *text = HEAD "\"new\":{\"tensors\":[1,{}]},\"other\":[[2]]," LAYOUT
                            "\"tensors\":[{\"index\":0,\"new\":[{\"mean\":2}],\"mean\":5,"
                            "\"fast_pass\":true,\"audit\":{\"x\":{}}}],\"complete\":true}";
    struct scan *scan = read_text(text, strlen(text), 3, NULL);
    assert_non_null(scan);
    assert_true(scan->complete && scan->records[0]->weights.mean == 5);
    assert_int_equal(scan->records[0]->parts, RECORD_FAST);
    scan_free(scan);
}

/* All parts together are the whole model, each tensor in one of them. */
static void test_select(void **state)
{
    (void)state;
    struct model *model = make_model("m", "a");
    for (unsigned parts = 1; parts < 12; parts++) {
        unsigned seen[TENSORS] = {0};
        for (unsigned part = 1; part <= parts; part++) {
            bool selected[TENSORS];
            scan_select(model, part, parts, selected);
            for (size_t i = 0; i < TENSORS; i++)
                seen[i] += selected[i];
        }
        for (size_t i = 0; i + 1 < TENSORS; i++)
            assert_int_equal(seen[i], 1);
        assert_int_equal(seen[TENSORS - 1], 0);
    }
    model_free(model);
}

static void test_merge_parts(void **state)
{
    (void)state;
    struct model *model = make_model("m", "a");
    struct scan *whole = make_scan(model, 1, 1), *parts[4];
    const char *const names[] = {"1", "2", "3", "4"};
    for (unsigned i = 0; i < 4; i++)
        parts[i] = make_scan(model, 4 - i, 4);
    struct text wanted = {0}, text = {0};
    scan_write(&wanted, whole);
    struct scan *merged = scan_merge((const struct scan *const *)parts, names, 4, NULL);
    assert_non_null(merged);
    scan_write(&text, merged);
    assert_string_equal(text.data, wanted.data);
    scan_free(merged);
    merged = scan_merge((const struct scan *const *)parts, names, 3, NULL);
    assert_false(merged->complete);
    scan_free(merged);
    const struct scan *const both[] = {parts[0], whole};
    merged = scan_merge(both, names, 2, NULL);
    assert_true(merged->complete);
    scan_free(merged);
    for (unsigned i = 0; i < 4; i++)
        scan_free(parts[i]);
    text_done(&wanted);
    text_done(&text);
    scan_free(whole);
    model_free(model);
}

/* Scans of the files of a model, in the order given. */
static void test_merge_files(void **state)
{
    (void)state;
    struct model *first = make_model("models/one/1.safetensors", "a");
    struct model *second = make_model("models/one/2.safetensors", "b");
    struct scan *scans[] = {make_scan(first, 1, 1), make_scan(second, 1, 1)};
    const char *const names[] = {"1", "2"};
    struct scan *merged = scan_merge((const struct scan *const *)scans, names, 2, NULL);
    assert_non_null(merged);
    assert_string_equal(merged->model->path, "models/one");
    assert_int_equal(merged->model->count, 2 * TENSORS);
    assert_string_equal(merged->model->tensors[TENSORS].label, "b.0");
    assert_true(merged->complete && merged->count == 2 * (TENSORS - 1));
    assert_non_null(merged->records[TENSORS + 2]);
    scan_free(merged);
    for (int i = 0; i < 2; i++)
        scan_free(scans[i]);
    model_free(first);
    model_free(second);
}

static void assert_not_merged(struct scan *a, struct scan *b, const char *message)
{
    struct error error = {ERROR_NONE, ""};
    const struct scan *const scans[] = {a, b};
    const char *const names[] = {"A", "B"};
    assert_null(scan_merge(scans, names, 2, &error));
    assert_int_equal(error.code, ERROR_USAGE);
    assert_string_equal(error.text, message);
    scan_free(b);
}

static void test_merge_refused(void **state)
{
    (void)state;
    struct model *model = make_model("m", "a");
    struct scan *scan = make_scan(model, 1, 1), *other = make_scan(model, 1, 1);
    other->records[3]->weights.mean++;
    assert_not_merged(scan, other, "B has other figures of a.3 than a scan before it");
    assert_not_merged(scan, scan_new("1.0", "{}", model), "A and B have different settings");
    assert_not_merged(scan, scan_new("1.1", "{}", model),
                      "A is of version 1.0 and B of version 1.1");
    scan_free(scan);
    model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip),    cmocka_unit_test(test_undefined),
        cmocka_unit_test(test_cut),           cmocka_unit_test(test_refused),
        cmocka_unit_test(test_unknown),       cmocka_unit_test(test_select),
        cmocka_unit_test(test_merge_parts),   cmocka_unit_test(test_merge_files),
        cmocka_unit_test(test_merge_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
