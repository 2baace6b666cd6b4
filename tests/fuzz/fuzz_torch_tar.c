/* SPDX-License-Identifier: MIT
 *
 * The input is the members "storages", "tensors" and "pickle" of a file of PyTorch 0.1, each after
 * two bytes with its length; sums of headers would keep most changes of a whole file out.
 */
#include "fuzz_torch.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The next member of the input, which ends with it at the latest. */
static void add_member(struct text *tar, const char *name, const uint8_t **data, size_t *size)
{
    unsigned char header[512] = {0};
    unsigned sum = 0;
    size_t length = *size < 2 ? 0 : (*data)[0] | (size_t)(*data)[1] << 8;
    size_t skipped = *size < 2 ? *size : 2;
    *data += skipped;
    *size -= skipped;
    if (length > *size)
        length = *size;
    snprintf((char *)header, 100, "%s", name);
    snprintf((char *)header + 124, 12, "%011o", (unsigned)length);
    memset(header + 148, ' ', 8);
    header[156] = '0';
    memcpy(header + 257, "ustar  ", 8);
    for (unsigned i = 0; i < sizeof header; i++)
        sum += header[i];
    snprintf((char *)header + 148, 8, "%06o", sum);
    text_add(tar, (const char *)header, sizeof header);
    if (length > 0)
        text_add(tar, (const char *)*data, length);
    while (tar->length % 512 > 0)
        text_add(tar, "", 1);
    *data += length;
    *size -= length;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct text tar = {0};
    add_member(&tar, "storages", &data, &size);
    add_member(&tar, "tensors", &data, &size);
    add_member(&tar, "pickle", &data, &size);
    fuzz_torch_open(tar.data, tar.length);
    text_done(&tar);
    return 0;
}
