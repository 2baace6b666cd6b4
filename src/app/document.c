/* SPDX-License-Identifier: MIT */
#include "app/document.h"

#include <string.h>

#include "app/version.h"
#include "base/utf8.h"
#include "ui/scheme_words.h"

void document_head(struct emit *emit, const struct model *model)
{
    emit_text(emit, "roundoff", PACKAGE_VERSION);
    /* JSON must be UTF-8, and a path need not be. */
    struct text path = {0};
    utf8_escape(&path, model->path, strlen(model->path));
    emit_name(emit, "model", path.data, path.length);
    text_done(&path);
}

void document_put_scheme(struct emit *emit, const struct scheme *scheme)
{
    const struct granularity unit = scheme_granularity(scheme);
    struct text clip = {0}, levels = {0}, granularity = {0};
    clip_print(&clip, &scheme->clip);
    levels_print(&levels, &scheme->levels, scheme->bits);
    granularity_print(&granularity, &unit);
    emit_count(emit, "bits", (uint64_t)scheme->bits);
    emit_text(emit, "scheme", levels.data);
    emit_text(emit, "clip", clip.data);
    emit_text(emit, "granularity", granularity.data);
    emit_truth(emit, "asymmetric", scheme->asymmetric);
    emit_truth(emit, "full_range", scheme->full_range);
    emit_text(emit, "correction", scheme_words_correction(scheme));
    text_done(&clip);
    text_done(&levels);
    text_done(&granularity);
}

void document_put_view(struct emit *emit, const struct options *options)
{
    emit_count(emit, "channel_axis", options->tensor_view.axis);
    emit_truth(emit, "scaled", options->tensor_view.scaled);
}

void document_put_transform(struct emit *emit, const struct options *options,
                            const struct activations *activations)
{
    struct text transform = {0};
    transform_spec_print(&options->transform, &transform);
    emit_name(emit, "transform", transform.data, transform.length);
    if (activations)
        emit_text(emit, "activation_file", activations->model->label);
    text_done(&transform);
}

void document_put_settings(struct emit *emit, const struct options *options,
                           const struct activations *activations)
{
    document_put_scheme(emit, &options->scheme);
    document_put_transform(emit, options, activations);
    emit_text(emit, "source", belief_name(options->belief));
    document_put_view(emit, options);
}

void document_settings(struct emit *emit, const struct options *options,
                       const struct activations *activations)
{
    emit_object(emit, "settings");
    document_put_settings(emit, options, activations);
    emit_close(emit);
}

struct emit_string document_name(const struct tensor *tensor)
{
    return (struct emit_string){tensor->name, tensor->name_length, tensor->label};
}
