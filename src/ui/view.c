/* SPDX-License-Identifier: MIT */
#include "ui/view.h"

#include <inttypes.h>
#include <string.h>

const struct view *const views[] = {&view_error,    &view_weights, &view_qq,
                                    &view_channels, &view_ratio,   &view_sqnr,
                                    &view_bits,     &view_outliers, &view_cf,
                                    &view_clip};
const size_t view_count = sizeof views / sizeof *views;

const struct view *view_find(const char *name)
{
    for (size_t i = 0; i < view_count; i++)
        if (strcmp(views[i]->name, name) == 0)
            return views[i];
    return NULL;
}

const char *view_source(const struct report *report)
{
    const struct request *request = &report->request;
    return belief_title(request->belief, report->family, &request->law);
}

/* " · BF16 256x688": the type and shape as they lie in the file, outermost dimension first. */
static void describe_storage(struct text *out, const struct tensor *tensor, const char *gap)
{
    text_printf(out, "%s%s", gap, tensor->dtype_name);
    for (unsigned i = 0; i < tensor->rank; i++)
        text_printf(out, "%c%" PRIu64, i ? 'x' : ' ', tensor->dims[i]);
}

/* " · align 128, ridge 1e-06; hadamard 256", or as it was asked for. */
static void describe_basis(struct text *out, const struct tensor_basis *basis, bool whole,
                           const char *gap)
{
    text_puts(out, gap);
    if (whole)
        text_puts(out, basis->text);
    else
        transform_spec_print(&basis->transform, out);
    if (basis->isotropic)
        text_puts(out, whole ? ", isotropic input assumed" : ", isotropic");
}

void view_describe(struct text *out, const struct report *report, bool storage, bool ascii)
{
    const struct request *request = &report->request;
    const char *gap = ascii ? " - " : " · ";
    char number[TEXT_NUMBER];
    if (request->channel >= 0)
        text_printf(out, "channel %lld", (long long)request->channel);
    else if (report->rows.of == 1)
        text_puts(out, "one channel");
    else
        text_printf(out, "%s channels", text_count(number, report->rows.of));
    const struct tensor *tensor = request->tensor;
    if (tensor && tensor->rank >= 2 && request->view.axis > 0)
        text_printf(out, "%saxis %u", gap, request->view.axis);
    if (tensor && tensor->scale)
        text_printf(out, "%s%s", gap, request->view.scaled ? "scaled" : "raw codes");
    if (report->basis)
        describe_basis(out, report->basis, storage, gap);
    text_puts(out, gap);
    text_printf(out, "n %s%s", text_count(number, report->figures.elements),
                report->sampled ? " (sample)" : "");
    if (tensor && storage)
        describe_storage(out, tensor, gap);
}
