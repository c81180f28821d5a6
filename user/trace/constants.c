// SPDX-License-Identifier: GPL-2.0-only
#include "constants.h"

#if defined(__x86_64__)
#include "constants_x86_64.h"
#elif defined(__aarch64__)
#include "constants_aarch64.h"
#else
#error "no constants for this architecture"
#endif
