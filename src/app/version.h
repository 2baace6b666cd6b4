/* SPDX-License-Identifier: MIT
 *
 * What the build says about itself; the fallbacks are for files compiled by hand.
 */
#ifndef APP_VERSION_H
#define APP_VERSION_H

#ifndef PACKAGE_VERSION
#define PACKAGE_VERSION "unreleased"
#endif

/* Where the bundled model is installed; $ROUNDOFF_DATA comes first. */
#ifndef ROUNDOFF_DATADIR
#define ROUNDOFF_DATADIR "/usr/local/share/roundoff"
#endif

#define BUNDLED_MODEL "tiny-llama.safetensors"

#endif
