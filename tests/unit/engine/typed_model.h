/* SPDX-License-Identifier: MIT
 *
 * Models of several tensors of short types, for tests of what reads whole models.
 */
#ifndef TESTS_TYPED_MODEL_H
#define TESTS_TYPED_MODEL_H

#include <math.h>
#include <string.h>

#include "../model/fixture.h"
#include "base/text.h"

/* A file in the making; all zero is the empty one. */
struct typed_model {
    struct text header, data;
};

/* The half nearest to x, for |x| below 65504; NaN and infinities as such. */
static inline uint16_t typed_half(double x)
{
    const uint16_t sign = signbit(x) ? 0x8000 : 0;
    if (isnan(x))
        return 0x7e00;
    if (isinf(x))
        return sign | 0x7c00;
    int exponent;
    frexp(x, &exponent);
    exponent = exponent - 11 < -24 ? -24 : exponent - 11;
    const double units = nearbyint(fabs(ldexp(x, -exponent)));
    return (uint16_t)(sign |
                      (units < 1024 ? (int)units : ((exponent + 25) << 10) + (int)units - 1024));
}

/* The bfloat16 that x is cut to. */
static inline uint16_t typed_bf16(double x)
{
    const float single = (float)x;
    uint32_t bits;
    memcpy(&bits, &single, sizeof bits);
    return (uint16_t)(bits >> 16);
}

/* Adds a tensor "BF16", "F16", "F32", "F64" or, of any bytes, "C64"; the shape is as JSON writes
 * it, without brackets. */
static inline void typed_model_add(struct typed_model *model, const char *name, const char *dtype,
                                   const char *shape, const double x[], size_t n)
{
    const size_t begin = model->data.length;
    for (size_t i = 0; i < n; i++) {
        const uint16_t code = strcmp(dtype, "F16") == 0 ? typed_half(x[i]) : typed_bf16(x[i]);
        const float single = (float)x[i];
        if (strstr(dtype, "64"))
            text_add(&model->data, (const char *)&x[i], sizeof x[i]);
        else if (strcmp(dtype, "F32") == 0)
            text_add(&model->data, (const char *)&single, sizeof single);
        else
            text_add(&model->data, (const char *)&code, sizeof code);
    }
    text_printf(&model->header,
                "%s\"%s\":{\"dtype\":\"%s\",\"shape\":[%s],\"data_offsets\":[%zu,%zu]}",
                model->header.length ? "," : "", name, dtype, shape, begin, model->data.length);
}

/* Writes the file and opens it; the writer is empty again. */
static inline struct model *typed_model_open(struct typed_model *model, const char *name)
{
    struct text file = {0};
    const size_t length = model->header.length + 2;
    for (unsigned i = 0; i < 8; i++)
        text_add(&file, (const char[]){(char)(length >> 8 * i & 0xff)}, 1);
    text_puts(&file, "{");
    text_add(&file, model->header.data, model->header.length);
    text_puts(&file, "}");
    text_add(&file, model->data.data, model->data.length);
    const char *path = fixture_write(name, file.data, file.length);
    text_done(&file);
    text_done(&model->header);
    text_done(&model->data);
    struct error error = {0};
    struct model *opened = fixture_open(path, &error);
    if (!opened)
        fail_msg("%s", error.text);
    return opened;
}

#endif
