/* senml.h - the rules of SenML (RFC 8428 section 4) that JSON and CBOR share */
#ifndef SEI_MSG_SENML_H
#define SEI_MSG_SENML_H

#include "msg/msg.h"

enum { SEI_SENML_TEXT_MAX = 256 };

/* One SenML record as it stands in the pack. */
typedef struct {
    char   bn[SEI_SENML_TEXT_MAX], n[SEI_SENML_TEXT_MAX];
    char   bu[SEI_MSG_UNIT_MAX], u[SEI_MSG_UNIT_MAX];
    bool   has_bn, has_bu, has_u, has_bt, has_t, has_bv, has_v, has_vb, has_other, has_bver;
    double bt, t, bv, v, bver;
    bool   vb;
} sei_senml_item;

typedef struct {
    char     bn[SEI_SENML_TEXT_MAX], bu[SEI_MSG_UNIT_MAX];
    double   bt, bv;
    int64_t  now_us;
    sei_msg *msg;
} sei_senml;

void                   sei_senml_init(sei_senml *senml, int64_t now_us, sei_msg *msg);
SEI_CHECKED sei_status sei_senml_item_add(sei_senml *senml, const sei_senml_item *item);
/* Text of a field; E_RANGE when it is too long. */
SEI_CHECKED sei_status sei_senml_text(sei_ctx *ctx, const char *key, const char *text, size_t len,
                                      char *out, size_t size);

#endif
