/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "torch_fixture.h"

/* A header and its member, up to a whole block. */
static void put_member(struct text *tar, const char *name, const struct text *bytes)
{
    unsigned char header[512] = {0};
    unsigned sum = 0;
    snprintf((char *)header, 100, "%s", name);
    snprintf((char *)header + 124, 12, "%011o", (unsigned)bytes->length);
    memset(header + 148, ' ', 8);
    header[156] = '0';
    memcpy(header + 257, "ustar  ", 8);
    for (unsigned i = 0; i < sizeof header; i++)
        sum += header[i];
    snprintf((char *)header + 148, 8, "%06o", sum);
    text_add(tar, (const char *)header, sizeof header);
    if (bytes->length > 0)
        text_add(tar, bytes->data, bytes->length);
    while (tar->length % 512 > 0)
        text_add(tar, "", 1);
}

/* Two storages of 4 numbers, 10 and 11, and elements 1 and 2 of the first, 12. */
static void put_storages(struct text *out, const char *parts)
{
    torch_put_pickle(out, "#2");
    for (int i = 0; i < 2; i++) {
        torch_put_pickle(out, i == 0 ? "( #10 'cpu' @torch.FloatStorage t"
                                     : "( #11 'cpu' @torch.FloatStorage t");
        archive_put(out, 8, 4);
        torch_put_floats(out, 4, false);
    }
    torch_put_pickle(out, parts);
}

static void put_tensor(struct text *out, const char *triple, uint64_t rank, uint64_t size,
                       uint64_t stride, uint64_t first)
{
    torch_put_pickle(out, triple);
    archive_put(out, 8, rank);
    for (uint64_t i = 0; i < rank; i++)
        archive_put(out, 8, size);
    for (uint64_t i = 0; i < rank; i++)
        archive_put(out, 8, stride);
    archive_put(out, 8, first);
}

static const char *write_tar(const char *parts, const struct text *tensors, const char *object)
{
    struct text tar = {0}, storages = {0}, pickle = {0};
    put_storages(&storages, parts);
    torch_put_pickle(&pickle, object);
    put_member(&tar, "./storages", &storages);
    put_member(&tar, "tensors", tensors);
    put_member(&tar, "pickle", &pickle);
    const char *path = fixture_write("a.tar", tar.data, tar.length);
    text_done(&tar);
    text_done(&storages);
    text_done(&pickle);
    return path;
}

/* One tensor, 20. */
static const char *write_one(const char *parts, const char *triple, uint64_t rank, uint64_t size,
                             uint64_t stride, uint64_t first)
{
    struct text tensors = {0};
    torch_put_pickle(&tensors, "#1");
    put_tensor(&tensors, triple, rank, size, stride, first);
    const char *path = write_tar(parts, &tensors, "} 'w' '20' Q s");
    text_done(&tensors);
    return path;
}

static void test_files(void **state)
{
    struct text tensors = {0};
    (void)state;
    torch_put_pickle(&tensors, "#2");
    put_tensor(&tensors, "( #20 #11 @torch.FloatTensor t", 1, 2, 2, 1);
    put_tensor(&tensors, "( #21 #12 @torch.FloatTensor t", 2, 1, 1, 1);
    torch_expect(write_tar("( ( #12 #10 #1 #2 t l", &tensors,
                           "} 'w' '20' Q s 'v' #21 Q s 'p' @torch.nn.parameter.Parameter ( '20' Q "
                           "t R s 's' '10' Q s 'c' ( @timm.Net 'file' 'source' t Q s"),
                 "PyTorch 0.1 tar\nw F32 (2) 1 3\nv F32 (1,1) 2\np F32 (2) in w 1 3\n"
                 "s F32 (4) 0 1 2 3\nc: name timm.Net\n");
    text_done(&tensors);
}

static void test_damage(void **state)
{
    static const char none[] = "]", triple[] = "( #20 #10 @torch.FloatTensor t";
    (void)state;
    fixture_refused(write_one(none, triple, 1, 5, 1, 0), "not all in its storage of 16 bytes");
    fixture_refused(write_one(none, triple, 1, 1, 1, 4), "not all in its storage of 16 bytes");
    fixture_refused(write_one(none, triple, 1, UINT64_MAX, 1, 0), "negative size");
    fixture_refused(write_one(none, triple, 65, 1, 1, 0), "a tensor of 65 dimensions");
    fixture_refused(write_one(none, "( #20 #9 @torch.FloatTensor t", 1, 1, 1, 0),
                    "in a storage that is not there");
    fixture_refused(write_one(none, "( #21 #10 @torch.FloatTensor t", 1, 1, 1, 0),
                    "names tensor 20, which is not there");
    fixture_refused(write_one("( ( #12 #9 #1 #2 t l", triple, 1, 1, 1, 0), "is of a storage that");
    fixture_refused(write_one("( ( #12 #10 #3 #2 t l", triple, 1, 1, 1, 0),
                    "does not lie within its storage");
    fixture_refused(write_one("( ( #12 #10 #-1 #2 t l", triple, 1, 1, 1, 0),
                    "does not lie within its storage");
    fixture_refused(write_one("}", triple, 1, 1, 1, 0), "are not a list (byte ");
}

static void test_archives_of_others(void **state)
{
    struct text tar = {0};
    const struct text bytes = {.data = (char[]){"x"}, .length = 1};
    (void)state;
    put_member(&tar, "README", &bytes);
    fixture_refused(fixture_write("a.tar", tar.data, tar.length), "without \"storages\"");
    tar.data[148] = '7';
    fixture_refused(fixture_write("a.tar", tar.data, tar.length), "damaged header (byte 0)");
    text_done(&tar);
    put_member(&tar, "storages", &bytes);
    fixture_refused(fixture_write("a.tar", tar.data, 512), "cut short inside a member");
    text_done(&tar);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_files),
        cmocka_unit_test(test_damage),
        cmocka_unit_test(test_archives_of_others),
    };
    return cmocka_run_group_tests_name("torch_tar", tests, fixture_setup, fixture_teardown);
}
