// SPDX-License-Identifier: GPL-2.0-only
#include "constants_net.h"

#if defined(__x86_64__)
#include "constants_net_x86_64.h"
#elif defined(__aarch64__)
#include "constants_net_aarch64.h"
#else
#error "no constants for this architecture"
#endif
