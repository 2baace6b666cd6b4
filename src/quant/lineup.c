/* SPDX-License-Identifier: MIT */
#include "quant/lineup.h"

#include <assert.h>

/* clang-format off */
const struct contender contenders[] = {
    { "uniform, max", LINEUP_UNIFORM, { "uniform" }, { CLIP_MAX, 0 }, 0, false, false },
    { "uniform, aciq", LINEUP_CLIPPED, { "uniform" }, { CLIP_ACIQ, 0 }, 0, false, false },
    { "uniform, mse", LINEUP_CLIPPED, { "uniform" }, { CLIP_MSE, 0 }, 0, false, false },
    { "uniform, group:128", LINEUP_GROUPS, { "uniform" }, { CLIP_MAX, 0 }, 128, false, false },
    { "asymmetric, group:64", LINEUP_GROUPS, { "uniform" }, { CLIP_MAX, 0 }, 64, true, false },
    { "uniform, group:32", LINEUP_GROUPS, { "uniform" }, { CLIP_MAX, 0 }, 32, false, false },
    { "APoT, max", LINEUP_APOT, { "apot" }, { CLIP_MAX, 0 }, 0, false, false },
    { "APoT, mse", LINEUP_APOT, { "apot" }, { CLIP_MSE, 0 }, 0, false, false },
    { "Lloyd-Max", LINEUP_LLOYD_MAX, { "lloyd-max" }, { CLIP_MAX, 0 }, 0, false, false },
    { "Lloyd-Max, corrected", LINEUP_CORRECTED, { "lloyd-max" }, { CLIP_MAX, 0 }, 0, false, true },
    { "Lloyd-Max, own levels", LINEUP_LLOYD_MAX, { "lloyd-max:empirical" }, { CLIP_MAX, 0 }, 0,
      false, false },
    { "NF", LINEUP_NF, { "nf" }, { CLIP_MAX, 0 }, 0, false, false },
    { "FP E2M1, E2M3, E4M3", LINEUP_FLOAT, { "fp4-e2m1", "fp6-e2m3", "fp8-e4m3" },
      { CLIP_MAX, 0 }, 0, false, false },
    { "FP E3M2, E5M2", LINEUP_FLOAT, { "fp6-e3m2", "fp8-e5m2" }, { CLIP_MAX, 0 }, 0, false,
      false },
    { "MXFP4, MXFP6, MXFP8", LINEUP_MX, { "mxfp4", "mxfp6", "mxfp8" }, { CLIP_MAX, 0 }, 0, false,
      false },
    { "NVFP4, MXINT8", LINEUP_MX, { "nvfp4", "mxint8" }, { CLIP_MAX, 0 }, 0, false, false },
    { "Q4_0, Q5_0, Q8_0", LINEUP_GGML, { "q4_0", "q5_0", "q8_0" }, { CLIP_MAX, 0 }, 0, false,
      false },
    { "Q4_1, Q5_1", LINEUP_GGML, { "q4_1", "q5_1" }, { CLIP_MAX, 0 }, 0, false, false },
};
/* clang-format on */

const size_t contender_count = sizeof contenders / sizeof *contenders;

/* The levels among the contender's that have this width. */
static bool find_levels(const struct contender *contender, int bits, struct levels *levels)
{
    for (size_t i = 0; i < LINEUP_NAMES && contender->levels[i]; i++) {
        int named = bits, least, most;
        const bool known = levels_parse(contender->levels[i], levels, &named, NULL);
        assert(known);
        (void)known;
        levels_bits(levels, &least, &most);
        if (bits >= least && bits <= most)
            return true;
    }
    return false;
}

bool contender_scheme(const struct contender *contender, int bits, struct granularity granularity,
                      struct scheme *scheme)
{
    *scheme = scheme_default();
    if (!find_levels(contender, bits, &scheme->levels))
        return false;
    scheme->bits = bits;
    scheme->clip = contender->clip;
    scheme->granularity =
        contender->group ? (struct granularity){1, contender->group} : granularity;
    scheme->asymmetric = contender->asymmetric;
    scheme->correct_mean = scheme->correct_norm = contender->corrected;
    return scheme_check(scheme, NULL);
}
