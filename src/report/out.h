/* out.h - what the writers share: choice of language, escaping, handing text over */
#ifndef SEI_REPORT_OUT_H
#define SEI_REPORT_OUT_H

#include "base/buf.h"
#include "seiryu/report.h"
#include "seiryu/water.h"

enum { SEI_REPORT_BYTES_MAX = 256 << 20 };

/* The label in one line; BOTH gives "ja / en" unless they are the same. */
void        sei_put_label(sei_buf *buf, sei_label label, sei_lang lang);
bool        sei_label_is_same(sei_label label);
const char *sei_label_in(sei_label label, sei_lang lang); /* BOTH counts as JA */

/* Text in which & < > " ' are entities: safe as content and inside a quoted attribute. */
void sei_html_text(sei_buf *buf, const char *text);
void sei_html_escape_label(sei_buf *buf, sei_label label, sei_lang lang); /* "ja / en" */
/* <span class="ja" lang="ja">...</span> <span class="en" lang="en">...</span>, or the text alone
 * when one language is asked for or both say the same. */
void sei_html_label(sei_buf *buf, sei_label label, sei_lang lang);

/* Hands the text of buf to the caller (free with sei_release) and ends buf, or gives its failure. */
SEI_CHECKED sei_status sei_give(sei_buf *buf, char **ret_text, size_t *ret_len);
/* The same for a finished table of the CSV writer, which is freed whatever the outcome. */
SEI_CHECKED sei_status sei_give_csv(sei_ctx *ctx, sei_table_writer *writer, char **ret_text,
                                    size_t *ret_len);

#endif
