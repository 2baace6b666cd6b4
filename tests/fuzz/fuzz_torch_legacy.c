/* SPDX-License-Identifier: MIT
 *
 * The input is a file of PyTorch 0.2 to 1.5.
 */
#include "fuzz_torch.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_torch_open(data, size);
    return 0;
}
