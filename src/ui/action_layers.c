/* SPDX-License-Identifier: MIT
 *
 * What keys do in the pictures of all layers of a model: looked up before the keys of the tensors.
 */
#include "ui/action.h"

static void next_picture(struct session *session, int key)
{
    (void)key;
    session->options.sqnr_picture = (session->options.sqnr_picture + 1) % SQNR_PICTURES;
}

/* clang-format off */
const struct action model_layer_actions[] = {
    { { 'w' }, "Layers", "picture", NULL,
      "The next picture: concentration of weights, of inputs; alignment; inputs against weights",
      next_picture },
};
/* clang-format on */
const size_t model_layer_action_count = sizeof model_layer_actions / sizeof *model_layer_actions;
