/* SPDX-License-Identifier: MIT */
#include "app/reason_words.h"

#include <inttypes.h>

#include "ui/view.h"

static void put_place(struct text *out, const struct reason *reason, bool vector)
{
    if (vector)
        text_printf(out, "element %" PRIu64, reason->column);
    else
        text_printf(out, "row %" PRIu64 ", column %" PRIu64, reason->channel, reason->column);
}

static void put_not_finite(struct text *out, const struct reason *reason, bool vector)
{
    static const char *const kinds[] = {NULL, "NaN", "+inf", "-inf"};
    bool one = reason->count == 1;
    text_printf(out, "%" PRIu64 " element%s not finite", reason->count, one ? " is" : "s are");
    if (reason->of == 0)
        return;
    text_printf(out, one ? ": %s at " : ": the first, %s, is at ", kinds[reason->of]);
    put_place(out, reason, vector);
}

static void put_shifted(struct text *out, const struct reason *reason)
{
    char mean[TEXT_NUMBER], std[TEXT_NUMBER];
    text_printf(out,
                "its values lie about %s (σ %s), not about 0: a symmetric grid wastes levels where "
                "there are none, an asymmetric one has steps %.1f dB smaller at 4 bits",
                text_number(mean, reason->value, 3), text_number(std, reason->reference, 3),
                reason->gain_db);
}

static void put_lone(struct text *out, const struct reason *reason, bool vector)
{
    char value[TEXT_NUMBER];
    text_printf(out,
                reason->count == 1 ? "one element stands alone: %s at "
                                   : "two elements stand alone: the larger is %s at ",
                text_number(value, reason->value, 3));
    put_place(out, reason, vector);
    text_printf(out, ", %.1fσ from the mean", reason->sigmas);
}

static void put_tails(struct text *out, const struct reason *reason)
{
    text_printf(out,
                "heavy tails%s: a channel reaches %.1fσ (the median), where a Gaussian one would "
                "reach %.1fσ",
                reason->code == REASON_LAPLACE ? ", nearer to Laplace than to Gauss" : "",
                reason->value, reason->reference);
}

static void put_channels(struct text *out, const struct reason *reason, const char *what)
{
    if (reason->count == 1)
        text_printf(out, "one channel is %s: row %" PRIu64, what, reason->channel);
    else
        text_printf(out, "%" PRIu64 " channels are %s: row %" PRIu64 " is the first", reason->count,
                    what, reason->channel);
}

static void put_duplicates(struct text *out, const struct reason *reason)
{
    if (reason->count > 1)
        text_printf(out, "%" PRIu64 " channels are the same as others: ", reason->count);
    text_printf(out, "row %" PRIu64 " is the same as row %" PRIu64, reason->channel,
                reason->same_as);
}

void reason_words(struct text *out, const struct reason *reason, bool vector)
{
    char number[TEXT_NUMBER];
    switch (reason->code) {
    case REASON_NOT_FINITE:
        put_not_finite(out, reason, vector);
        break;
    case REASON_DEAD:
        text_printf(out, "all its elements are %s", text_number(number, reason->value, 6));
        break;
    case REASON_SHIFTED:
        put_shifted(out, reason);
        break;
    case REASON_FEW:
        text_printf(out, "it has %" PRIu64 " element%s, too few to tell what they are like",
                    reason->count, reason->count == 1 ? "" : "s");
        break;
    case REASON_LONE_OUTLIER:
        put_lone(out, reason, vector);
        break;
    case REASON_OUTLIER_COLUMN:
        text_printf(out,
                    "one column holds %" PRIu64 " of the %" PRIu64
                    " largest weights: column %" PRIu64 ", up to %.1fσ",
                    reason->count, reason->of, reason->column, reason->sigmas);
        break;
    case REASON_OUTLIER_ROW:
        text_printf(out,
                    "one row holds %" PRIu64 " of the %" PRIu64 " largest weights: row %" PRIu64
                    ", up to %.1fσ; grids by channel keep it from spoiling the others",
                    reason->count, reason->of, reason->channel, reason->sigmas);
        break;
    case REASON_LAPLACE:
    case REASON_HEAVY_TAILS:
        put_tails(out, reason);
        break;
    case REASON_WORST_CHANNEL:
        text_printf(out, "row %" PRIu64 " reaches %.1fσ, where %.1fσ is the most to expect",
                    reason->channel, reason->value, reason->reference);
        break;
    case REASON_ZERO_CHANNELS:
        put_channels(out, reason, "all zero");
        break;
    case REASON_CONSTANT_CHANNELS:
        put_channels(out, reason, "constant");
        break;
    case REASON_DUPLICATE_CHANNELS:
        put_duplicates(out, reason);
        break;
    }
}

bool reason_command(struct text *out, const struct reason *reason, const char *model,
                    const char *tensor)
{
    switch (reason->code) {
    case REASON_LONE_OUTLIER:
    case REASON_OUTLIER_COLUMN:
    case REASON_OUTLIER_ROW:
        text_printf(out, "roundoff plot %s %s --view %s", model, tensor,
                    view_find("outliers") ? "outliers" : "qq");
        return true;
    case REASON_LAPLACE:
    case REASON_HEAVY_TAILS:
        text_printf(out, "roundoff plot %s %s --view qq", model, tensor);
        return true;
    case REASON_WORST_CHANNEL:
        text_printf(out, "roundoff plot %s %s --view weights --channel %" PRIu64, model, tensor,
                    reason->channel);
        return true;
    case REASON_SHIFTED:
        text_printf(out, "roundoff plot %s %s --view weights --asymmetric", model, tensor);
        return true;
    default:
        return false;
    }
}
