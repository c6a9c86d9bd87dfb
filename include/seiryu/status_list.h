/*
 * status_list.h - every outcome of a library call, one row each
 *
 * X(name, value, category, CLI exit code, HTTP status, text).  Values never change once
 * released.  Zero is the only success.  Include status.h, not this file.
 */
#ifndef SEIRYU_STATUS_LIST_H
#define SEIRYU_STATUS_LIST_H

#define SEI_STATUS_LIST(X)                                                      \
    X(OK, 0, NONE, 0, 200, "success")                                           \
    X(E_ARG, -1, USAGE, 2, 400, "invalid argument")                             \
    X(E_NOMEM, -2, SYSTEM, 5, 507, "out of memory")                             \
    X(E_IO, -3, SYSTEM, 5, 500, "file cannot be read or written")               \
    X(E_NOT_FOUND, -4, INPUT, 3, 404, "not found")                              \
    X(E_INTERNAL, -5, SYSTEM, 1, 500, "internal error")                         \
    X(E_PARSE, -10, INPUT, 3, 422, "input does not follow its format")          \
    X(E_KEY, -11, INPUT, 3, 422, "unknown key")                                 \
    X(E_UNIT, -12, INPUT, 3, 422, "unknown or unsuitable unit")                 \
    X(E_RANGE, -13, INPUT, 3, 422, "value out of range")                        \
    X(E_TYPE, -14, INPUT, 3, 422, "value of the wrong type")                    \
    X(E_MISSING, -15, INPUT, 3, 422, "required value is missing")               \
    X(E_ENCODING, -16, INPUT, 3, 422, "text is not in a known encoding")        \
    X(E_DUPLICATE, -17, INPUT, 3, 422, "name or key is given twice")            \
    X(E_TOO_LARGE, -18, INPUT, 3, 413, "input exceeds the stated maximum")      \
    X(E_UNBALANCED, -20, INPUT, 3, 422, "reaction does not balance")            \
    X(E_UNSUPPORTED, -21, INPUT, 3, 422, "not supported")                       \
    X(E_NOT_CONVERGED, -31, NUMERIC, 4, 422, "solver did not converge")         \
    X(E_SINGULAR, -32, NUMERIC, 4, 422, "matrix is singular")                   \
    X(E_STEP, -33, NUMERIC, 4, 422, "time step fell below its minimum")         \
    X(E_BALANCE, -34, NUMERIC, 4, 422, "a conserved quantity is not conserved") \
    X(E_CANCELLED, -40, STOPPED, 130, 499, "stopped on request")

#endif
