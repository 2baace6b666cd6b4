/* SPDX-License-Identifier: MIT */
#include "linear/layer_sqnr.h"

#include <math.h>

#include "base/decibels.h"

static double square(double x)
{
    return x * x;
}

/* What the grids of weights and inputs together keep of the range: C(W) alone where inputs are not
 * quantized. */
static double joint_concentration(const struct layer_sums *sums)
{
    double weight = concentration_value(&sums->weight);
    if (sums->activation_steps == 0)
        return weight;
    double activation = concentration_value(&sums->activation) *
                        square(sums->activation_steps / sums->weight_steps);
    return 1 / (1 / weight + 1 / activation);
}

struct layer_sqnr layer_sqnr_of(const struct layer_sums *sums)
{
    const struct layer_error *error = &sums->error;
    double alignment = error->signal / (sums->weight.power * sums->activation.power);
    double concentration = joint_concentration(sums);
    bool quantized = sums->activation_steps > 0;
    bool sampled = !quantized || sums->activation.ranges > 0;
    return (struct layer_sqnr){
        .bits = decibels(12 * square(sums->weight_steps)),
        .concentration = decibels(concentration),
        .alignment = decibels(alignment),
        .approximation = decibels(12 * square(sums->weight_steps) * concentration * alignment),
        .weight_concentration = decibels(concentration_value(&sums->weight)),
        .activation_concentration =
            quantized ? decibels(concentration_value(&sums->activation)) : (double)NAN,
        .max_alignment = decibels(sums->max_alignment),
        .measured = sampled ? decibels(error->signal / error->both) : (double)NAN,
        .weights_only = decibels(error->signal / error->weights),
        .activations_only =
            quantized && sampled ? decibels(error->signal / error->activations) : (double)NAN,
    };
}
