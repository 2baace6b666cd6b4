/* SPDX-License-Identifier: MIT */
#include "app/sqnr_record.h"

#include "app/document.h"

/* Without headings: people get another table. */
#define FIELD(type, member) EMIT_FIELD(sqnr_record, type, member, NULL, 0)

const struct emit_field sqnr_fields[] = {
    FIELD(EMIT_STRING, name),
    FIELD(EMIT_COUNT, in),
    FIELD(EMIT_COUNT, out),
    FIELD(EMIT_COUNT, tokens),
    FIELD(EMIT_STRING, activations),
    FIELD(EMIT_STRING, transform),
    FIELD(EMIT_NAMES, group),
    FIELD(EMIT_NUMBER, bits_term_db),
    FIELD(EMIT_NUMBER, concentration_db),
    FIELD(EMIT_NUMBER, alignment_db),
    FIELD(EMIT_NUMBER, max_alignment_db),
    FIELD(EMIT_NUMBER, weight_concentration_db),
    FIELD(EMIT_NUMBER, activation_concentration_db),
    FIELD(EMIT_NUMBER, approx_sqnr_db),
    FIELD(EMIT_NUMBER, measured_sqnr_db),
    FIELD(EMIT_NUMBER, weight_only_sqnr_db),
    FIELD(EMIT_NUMBER, activation_only_sqnr_db),
    FIELD(EMIT_NUMBER, transform_error),
    FIELD(EMIT_STRING, basis),
    FIELD(EMIT_COUNT, bits),
    FIELD(EMIT_COUNT, activation_bits),
};

const size_t sqnr_field_count = sizeof sqnr_fields / sizeof sqnr_fields[0];

static const char *kind_name(enum activation_kind kind)
{
    switch (kind) {
    case ACTIVATION_SAMPLES:
        return "samples";
    case ACTIVATION_SECOND_MOMENT:
        return "second_moment";
    case ACTIVATION_DIAGONAL:
        return "diagonal";
    default:
        return "isotropic";
    }
}

struct sqnr_record sqnr_record_of(const struct layer_group *group, size_t member,
                                  const struct emit_string names[])
{
    struct sqnr_record record;
    emit_undefine(sqnr_fields, sqnr_field_count, &record);
    record.label = "";
    record.name = names[member];
    record.in = group->columns;
    record.out = group->member[member].rows;
    if (group->inputs->x)
        record.tokens = group->inputs->tokens;
    record.activations = emit_string_of(kind_name(group->inputs->kind));
    record.group = (struct emit_names){names, group->count};
    return record;
}

void sqnr_record_bits(struct sqnr_record *record, const struct layer_request *request)
{
    record->bits = (uint64_t)request->scheme.bits;
    if (request->inputs.bits > 0)
        record->activation_bits = (uint64_t)request->inputs.bits;
}

void sqnr_record_fill(struct sqnr_record *record, const struct layer_figures *figures)
{
    const struct layer_sqnr *sqnr = &figures->sqnr;
    record->bits_term_db = sqnr->bits;
    record->concentration_db = sqnr->concentration;
    record->alignment_db = sqnr->alignment;
    record->max_alignment_db = sqnr->max_alignment;
    record->weight_concentration_db = sqnr->weight_concentration;
    record->activation_concentration_db = sqnr->activation_concentration;
    record->approx_sqnr_db = sqnr->approximation;
    record->measured_sqnr_db = sqnr->measured;
    record->weight_only_sqnr_db = sqnr->weights_only;
    record->activation_only_sqnr_db = sqnr->activations_only;
    record->transform_error = figures->deviation;
}
