/* SPDX-License-Identifier: MIT */
#include "ui/glossary.h"

#include <string.h>

#include "ui/glossary_value.h"

/* clang-format off */
#define NOTHING { NULL, NULL }
#define WIDROW  { "Widrow & Kollár, Quantization Noise, 2008", \
                  "Widrow & Kollar, Quantization Noise, 2008" }
#define SRIPAD  { "Sripad & Snyder, IEEE Trans. ASSP 25, 1977", NULL }
#define ROYSTON { "Royston, Applied Statistics 44 (AS R94), 1995", NULL }
#define ACIQ    { "Banner et al., NeurIPS 32, 2019, arXiv 1810.05723", NULL }
#define CAT     { "Federici et al., 2026, arXiv 2603.04359", NULL }
#define FAMILY  { "Kolmogorov 1933; Lilliefors, JASA 62, 1967", NULL }

const struct glossary_entry glossary[] = {
    { "channels", { "channels", NULL }, UNIT_COUNT,
      "Rows of the matrix (its columns along axis 1), each rounded on a grid of its own; a vector "
      "is one channel.", NOTHING,
      NOTHING, glossary_value_channels },
    { "elements", { "n", NULL }, UNIT_COUNT, "Elements, those that are not finite among them.",
      NOTHING, NOTHING, glossary_value_elements },
    { "nonfinite", { "NaN/inf left out", NULL }, UNIT_COUNT,
      "Elements that are NaN or infinite, which no figure takes into account.", NOTHING, NOTHING,
      glossary_value_nonfinite },
    { "mean", { "weights µ", "weights mean" }, UNIT_WEIGHT, "Mean of the weights.",
      { "µ = Σ w / n", "mean = sum w / n" }, NOTHING, glossary_value_mean },
    { "std", { "weights σ", "weights std" }, UNIT_WEIGHT,
      "Standard deviation of the weights, of the population.",
      { "σ² = Σ (w - µ)² / n", "std^2 = sum (w - mean)^2 / n" }, NOTHING, glossary_value_std },
    { "skewness", { "skew", NULL }, UNIT_NONE,
      "Third standardized moment: 0 for a symmetric density.",
      { "m₃ / m₂^1.5", "m3 / m2^1.5" }, NOTHING, glossary_value_skewness },
    { "excess_kurtosis", { "kurtosis", NULL }, UNIT_NONE,
      "Fourth standardized moment beyond a Gaussian's: 0 for a Gaussian, 3 for a Laplace density, "
      "more with outliers.",
      { "m₄ / m₂² - 3", "m4 / m2^2 - 3" }, NOTHING, glossary_value_excess_kurtosis },
    { "min", { "smallest w", NULL }, UNIT_WEIGHT, "The smallest weight.", NOTHING, NOTHING,
      glossary_value_min },
    { "max", { "largest w", NULL }, UNIT_WEIGHT, "The largest weight.", NOTHING, NOTHING,
      glossary_value_max },
    { "abs_max", { "max|w|", NULL }, UNIT_WEIGHT, "The largest magnitude of a weight.", NOTHING,
      NOTHING, glossary_value_abs_max },
    { "step_median", { "median q", NULL }, UNIT_WEIGHT,
      "Distance of the grid's levels, the median over the channels.",
      { "q = c / N, N = 2^(bits - 1) - 1", NULL }, NOTHING, glossary_value_step_median },
    { "step_over_std_median", { "median q/σ", "median q/std" }, UNIT_NONE,
      "Coarseness of the grid for the weights on it, the median over the channels.",
      { "q / σ", "q / std" }, WIDROW, glossary_value_step_over_std_median },
    { "step_over_std_max", { "worst q/σ", "worst q/std" }, UNIT_NONE,
      "Coarseness of the grid for the weights on it, of the worst channel; below 2 the error of "
      "Gaussian weights is as good as uniform.",
      { "q / σ", "q / std" }, WIDROW, glossary_value_step_over_std_max },
    { "clip_over_std_median", { "clip, median c/σ", "clip, median c/std" }, UNIT_NONE,
      "The clip threshold for the weights that it cuts, the median over the channels.",
      { "c / σ", "c / std" }, NOTHING, glossary_value_clip_over_std_median },
    { "pqn_deviation", { "PQN deviation", NULL }, UNIT_NONE,
      "How far the error's density is from uniform at most, for the source chosen (a Gaussian for "
      "an empirical one) with the worst q/std: the PQN model holds below 2 %, is strained below "
      "25 %, else broken.",
      { "max |q f(e) - 1|; Gaussian: 2 Σ exp(-2π²l²σ²/q²)",
        "max |q f(e) - 1|; Gaussian: 2 sum exp(-2 pi^2 l^2 std^2/q^2)" },
      WIDROW, glossary_value_pqn_deviation },
    { "cf_qt1", { "CF, QT I", NULL }, UNIT_NONE,
      "Largest measured |Phi(u)| beyond half a Psi = 2 pi/q: 0 if the weights' density can be "
      "recovered from the quantized weights.",
      { "max |Φ(u)|, u > π/q", "max |Phi(u)|, u > pi/q" }, WIDROW, glossary_value_cf_qt1 },
    { "cf_qt2", { "CF, QT II", NULL }, UNIT_NONE,
      "Largest measured |Phi(u)| beyond Psi = 2 pi/q: 0 if all moments can be recovered and the "
      "error is exactly uniform.",
      { "max |Φ(u)|, u > 2π/q", "max |Phi(u)|, u > 2 pi/q" }, WIDROW, glossary_value_cf_qt2 },
    { "cf_psi", { "CF, |Φ(Ψ)|", "CF, |Phi(Psi)|" }, UNIT_NONE,
      "The measured characteristic function at Psi = 2 pi/q; the error is exactly uniform if and "
      "only if it is 0 there and at all multiples.",
      { "|Φ(2π/q)|", "|Phi(2 pi/q)|" }, SRIPAD, glossary_value_cf_psi },
    { "clipped_share", { "clipped", NULL }, UNIT_SHARE,
      "Share of the weights that lie more than half a step beyond the outermost levels.",
      { "|w| > c + q/2", NULL }, NOTHING, glossary_value_clipped_share },
    { "error_ks", { "gap", NULL }, UNIT_NONE,
      "Kolmogorov distance between the error's distribution as it is and as theory has it, the "
      "channels pooled, each in units of its step.",
      { "max |F(e/q) - theory|", NULL }, { "Kolmogorov 1933", NULL }, glossary_value_error_ks },
    { "theory_error_std", { "std e, theory", NULL }, UNIT_WEIGHT,
      "Standard deviation of the rounding error that theory expects for the source chosen.",
      { "E e² = q²/12 + (q²/π²) Σ (-1)^l/l² Re Φ(2πl/q)",
        "E e^2 = q^2/12 + (q^2/pi^2) sum (-1)^l/l^2 Re Phi(2 pi l/q)" }, WIDROW,
      glossary_value_theory_error_std },
    { "error_std", { "std e, measured", NULL }, UNIT_WEIGHT,
      "Standard deviation of the rounding error, from every element.",
      { "e = Q(w) - w", NULL }, NOTHING, glossary_value_error_std },
    { "pqn_error_std", { "std e, PQN", NULL }, UNIT_WEIGHT,
      "Standard deviation of an error that is uniform between half a step on both sides.",
      { "q / √12", "q / sqrt(12)" }, WIDROW, glossary_value_pqn_error_std },
    { "theory_error_mean", { "mean e, theory", NULL }, UNIT_WEIGHT,
      "Mean of the rounding error that theory expects for the source chosen.",
      { "E e = (q/π) Σ (-1)^l/l Im Φ(2πl/q)", "E e = (q/pi) sum (-1)^l/l Im Phi(2 pi l/q)" },
      WIDROW, glossary_value_theory_error_mean },
    { "error_mean", { "mean e, measured", NULL }, UNIT_WEIGHT,
      "Mean of the rounding error, from every element.", { "e = Q(w) - w", NULL }, NOTHING,
      glossary_value_error_mean },
    { "error_mse", { "mean e²", "mean e^2" }, UNIT_WEIGHT_SQUARED,
      "Mean of the squared rounding error, from every element.", { "Σ e² / n", "sum e^2 / n" },
      NOTHING, glossary_value_error_mse },
    { "error_abs_max", { "max|e|", NULL }, UNIT_WEIGHT,
      "The largest magnitude of a rounding error.", NOTHING, NOTHING,
      glossary_value_error_abs_max },
    { "theory_sqnr_db", { "SQNR, theory", NULL }, UNIT_DECIBEL,
      "The weights' power over the noise that theory expects for the source chosen.",
      { "10 log10(Σ w² / (n E e²))", "10 log10(sum w^2 / (n E e^2))" }, NOTHING,
      glossary_value_theory_sqnr_db },
    { "sqnr_db", { "SQNR, measured", NULL }, UNIT_DECIBEL,
      "Signal to quantization noise: the weights' power over that of the rounding error.",
      { "10 log10(Σ w² / Σ e²)", "10 log10(sum w^2 / sum e^2)" }, NOTHING,
      glossary_value_sqnr_db },
    { "normal_share", { "normal rows", NULL }, UNIT_SHARE,
      "Share of the channels that the Shapiro-Wilk test does not tell from Gaussian ones.",
      { "p ≥ 0.05", "p >= 0.05" }, ROYSTON, glossary_value_normal_share },
    { "family", { "KS, family", NULL }, UNIT_WORD,
      "Gaussian or Laplace, whichever fitted density the whole sample is nearer to.",
      { "the smaller KS", NULL }, FAMILY, NULL },
    { "ks_gaussian", { "KS, Gaussian", NULL }, UNIT_NONE,
      "Kolmogorov distance of the whole sample to the Gaussian of its mean and standard "
      "deviation.",
      { "max |F(w) - Gaussian|", NULL }, FAMILY, glossary_value_ks_gaussian },
    { "ks_laplace", { "KS, Laplace", NULL }, UNIT_NONE,
      "Kolmogorov distance of the whole sample to the Laplace density of its median and mean "
      "distance from that.",
      { "max |F(w) - Laplace|", NULL }, FAMILY, glossary_value_ks_laplace },
    { "abs_max_over_std", { "max|w|/σ", "max|w|/std" }, UNIT_NONE,
      "The largest magnitude in standard deviations of its channel, over all channels.",
      { "max|w| / σ", "max|w| / std" }, NOTHING, glossary_value_abs_max_over_std },
    { "abs_max_expected", { "tails, Gaussian", NULL }, UNIT_NONE,
      "The same expected of one channel's d Gaussian draws, the median: much less than the "
      "figure before it means outliers.",
      { "inverse Φ((1 + 2^(-1/d)) / 2)", "inverse normal cdf of (1 + 2^(-1/d)) / 2" }, NOTHING,
      glossary_value_abs_max_expected },
    { "outliers_6sigma", { "beyond 6σ", "beyond 6 std" }, UNIT_COUNT,
      "Weights further than six standard deviations from the mean, both of the whole tensor.",
      { "|w - µ| > 6σ", "|w - mean| > 6 std" }, NOTHING, glossary_value_outliers_6sigma },
    { "qq_r2", { "q-q R²", "q-q R2" }, UNIT_NONE,
      "How well the points of the q-q plot lie on the line: 1 for a Gaussian.",
      { "1 - Σ (y - x)² / Σ (y - mean y)²", "1 - sum (y - x)^2 / sum (y - mean y)^2" },
      { "Wilk & Gnanadesikan, Biometrika 55, 1968", NULL }, glossary_value_qq_r2 },
    { "concentration_db", { "concentration C", NULL }, UNIT_DECIBEL,
      "Power of a layer's rows and inputs over the squared range r of their grids, of both together: "
      "outliers make it small, mixing columns large.",
      { "C(x) Nx²/Nw² ∥ C(W), C(v) = E|v|²/E r(v)², a ∥ b = ab/(a + b)",
        "C(x) Nx^2/Nw^2 || C(W), C(v) = E|v|^2/E r(v)^2" }, CAT,
      glossary_value_concentration_db },
    { "alignment_db", { "alignment A", NULL }, UNIT_DECIBEL,
      "How much of a layer's input gets through its weights, of what could: rotations leave it as "
      "it is, other transforms change it.",
      { "A = E|Wx|² / (|W|² E|x|²)", "A = E|Wx|^2 / (|W|^2 E|x|^2)" }, CAT,
      glossary_value_alignment_db },
    { "max_alignment_db", { "best alignment", NULL }, UNIT_DECIBEL,
      "The largest alignment that any invertible transform of the input can reach.",
      { "Σλ² / (Σλ)², λ the singular values of W Σx^½",
        "sum l^2 / (sum l)^2, l the singular values of W E[xx^T]^(1/2)" }, CAT,
      glossary_value_max_alignment_db },
    { "approx_sqnr_db", { "layer SQNR, approx.", NULL }, UNIT_DECIBEL,
      "What bits, concentration and alignment come to for a layer's output: their sum in decibels.",
      { "12 (Nx² C(x) ∥ Nw² C(W)) A, N the range in steps",
        "12 (Nx^2 C(x) || Nw^2 C(W)) A, N the range in steps" }, CAT,
      glossary_value_approx_sqnr_db },
    { "measured_sqnr_db", { "layer SQNR, measured", NULL }, UNIT_DECIBEL,
      "Power of a layer's output over that of its error, on the samples of the input or by its "
      "second moment.",
      { "E|Wx|² / E|Wx - Q(W)Q(x)|²", "E|Wx|^2 / E|Wx - Q(W)Q(x)|^2" }, CAT,
      glossary_value_measured_sqnr_db },
    { "index", { "channel", NULL }, UNIT_COUNT, "The channel's number, counted from 0.", NOTHING,
      NOTHING, glossary_value_index },
    { "step", { "q", NULL }, UNIT_WEIGHT, "Distance of the grid's levels.",
      { "q = c / N, N = 2^(bits - 1) - 1", NULL }, NOTHING, glossary_value_step },
    { "clip", { "clip c", NULL }, UNIT_WEIGHT,
      "The clip threshold, which is the grid's outermost level.", { "c = N q", NULL }, NOTHING,
      glossary_value_clip },
    { "bits_per_weight", { "bits/weight", NULL }, UNIT_NONE,
      "Bits that a weight takes when it is stored, scales and zero points included: units of few "
      "weights cost more.",
      { "bits + (bits of a scale) / (weights of a unit)", NULL }, NOTHING,
      glossary_value_bits_per_weight },
    { "aciq", { "clip aciq", NULL }, UNIT_WORD,
      "Clip rule: the threshold that a formula gives for a Gaussian or a Laplace density, the one "
      "that the whole tensor is nearer to.",
      { "c = ασ: α erfc(α/√2) + α/(3·4^bits) = √(2/π) exp(-α²/2), or c = β W(3·4^bits)",
        "c = a std: a erfc(a/sqrt 2) + a/(3 4^bits) = sqrt(2/pi) exp(-a^2/2), or c = b W(3 4^bits)"
      }, ACIQ, NULL },
    { "mse", { "clip mse", NULL }, UNIT_WORD,
      "Clip rule: the threshold of least squared error on the channel's own weights.",
      { "Σ e² is least", "sum e^2 is least" }, NOTHING, NULL },
    { "lp", { "clip lp:P", NULL }, UNIT_WORD,
      "Clip rule like mse, of another power of the error: the larger it is the less large weights "
      "are cut; 2.4 is a usual choice.",
      { "Σ |e|^P is least", "sum |e|^P is least" },
      { "Frantar et al., GPTQ, 2023, arXiv 2210.17323", NULL }, NULL },
    { "granularity", { "granularity", NULL }, UNIT_WORD,
      "What shares a scale: the tensor, a channel, a group of consecutive weights of a channel, or a "
      "block of several channels; small units lie close about their weights and store many scales.",
      NOTHING, NOTHING, NULL },
    { "zero_point", { "zero point", NULL }, UNIT_WORD,
      "The code that 0 has on an asymmetric grid; it is whole, so that 0 is stored exactly.",
      { "z = round(-lo/q), q = (hi - lo)/(2^bits - 1), Q(w) = q (code - z)", NULL },
      { "Jacob et al., CVPR 2018, arXiv 1712.05877", NULL }, NULL },
    { "full_range", { "full range", NULL }, UNIT_WORD,
      "A symmetric grid that uses all codes: one level more below 0 than above it.",
      { "q = 2c / (2^bits - 1), codes -2^(bits - 1) .. 2^(bits - 1) - 1", NULL }, NOTHING, NULL },
    { "codebook", { "codebook", NULL }, UNIT_WORD,
      "Levels that are not evenly spaced: a table, or those of a density, scaled to each unit; every "
      "weight goes to the nearest.",
      { "Q(w) = location + scale · level", "Q(w) = location + scale * level" }, NOTHING, NULL },
    { "lloyd_max", { "Lloyd-Max", NULL }, UNIT_WORD,
      "The levels of least mean squared error for a density: each is the mean of its cell, and cells "
      "end half way between levels.",
      { "y_k = E[w | t_k < w < t_(k+1)], t_k = (y_(k-1) + y_k) / 2", NULL },
      { "Max, IRE Trans. IT 6, 1960; Lloyd, IEEE Trans. IT 28, 1982", NULL }, NULL },
    { "nf4", { "NF4", NULL }, UNIT_WORD,
      "Levels at quantiles of a Gaussian, about equally probable each, with an exact 0, the largest "
      "scaled to the clip threshold; NF of other widths likewise.", NOTHING,
      { "Dettmers et al., QLoRA, 2023, arXiv 2305.14314", NULL }, NULL },
    { "mx", { "MX formats", NULL }, UNIT_WORD,
      "Blocks of 32 small floating-point numbers or integers that share a power of two as their "
      "scale; NVFP4 has blocks of 16 with a small float for it, and a scale for the tensor.",
      { "Q(w) = 2^e · element", "Q(w) = 2^e * element" },
      { "OCP Microscaling Formats (MX) Specification v1.0, 2023", NULL }, NULL },
    { "correction", { "bias correction", NULL }, UNIT_WORD,
      "Rounded weights of each channel are moved back to the mean that they had, and stretched to the "
      "norm about it that they had, or only one of both.",
      { "Q'(w) = gain (Q(w) + shift)", NULL }, ACIQ, NULL },
    { "step_over_std", { "q/σ", "q/std" }, UNIT_NONE,
      "Coarseness of the grid for the weights on it.", { "q / σ", "q / std" }, WIDROW,
      glossary_value_step_over_std },
    { "shapiro_w", { "W", NULL }, UNIT_NONE,
      "Statistic of the Shapiro-Wilk test: 1 for a sample just like a Gaussian's; of 5000 evenly "
      "spread elements if there are more.",
      { "(Σ aᵢ w₍ᵢ₎)² / Σ (w - µ)²", "(sum a_i w_(i))^2 / sum (w - mean)^2" }, ROYSTON,
      glossary_value_shapiro_w },
    { "shapiro_p", { "p", NULL }, UNIT_SHARE,
      "Probability of so small a W, or smaller, if the weights were Gaussian.", NOTHING, ROYSTON,
      glossary_value_shapiro_p },
    { "name", { "name", NULL }, UNIT_WORD, "The tensor's name in the file.", NOTHING, NOTHING,
      NULL },
    { "dtype", { "type", NULL }, UNIT_WORD, "The type of the elements as the file spells it.",
      NOTHING, NOTHING, NULL },
    { "shape", { "shape", NULL }, UNIT_WORD,
      "The tensor's dimensions; the first counts the channels, with channel axis 1 the second.", NOTHING, NOTHING, NULL },
};
/* clang-format on */
const size_t glossary_count = sizeof glossary / sizeof *glossary;

const char *glossary_text(const struct glossary_text *text, bool ascii)
{
    return ascii && text->ascii ? text->ascii : text->unicode;
}

const char *glossary_unit(enum glossary_unit unit)
{
    static const char *const names[] = {
        [UNIT_NONE] = "none",
        [UNIT_WORD] = "a word",
        [UNIT_COUNT] = "a count",
        [UNIT_SHARE] = "a share, 0 to 1",
        [UNIT_DECIBEL] = "dB",
        [UNIT_WEIGHT] = "that of the weights",
        [UNIT_WEIGHT_SQUARED] = "that of the weights, squared",
    };
    return names[unit];
}

const struct glossary_entry *glossary_find(const char *key)
{
    for (size_t i = 0; i < glossary_count; i++)
        if (strcmp(glossary[i].key, key) == 0)
            return &glossary[i];
    return NULL;
}
