// SPDX-License-Identifier: GPL-2.0
/*
 * The tracepoints' one definition.
 */
#define CREATE_TRACE_POINTS
#include "trace.h"

/* For tests/kunit/explain.c */
#if IS_ENABLED(CONFIG_KUNIT)
EXPORT_TRACEPOINT_SYMBOL_GPL(vnicx_forward);
#endif
