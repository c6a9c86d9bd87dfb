/* out.c - what the writers share: choice of language, escaping, handing text over */
#include "report/out.h"

#include <string.h>

bool sei_label_is_same(sei_label label)
{
    return strcmp(label.ja, label.en) == 0;
}

const char *sei_label_in(sei_label label, sei_lang lang)
{
    return lang == SEI_LANG_EN ? label.en : label.ja;
}

void sei_put_label(sei_buf *buf, sei_label label, sei_lang lang)
{
    sei_buf_puts(buf, sei_label_in(label, lang));
    if (lang == SEI_LANG_BOTH && !sei_label_is_same(label)) {
        sei_buf_puts(buf, " / ");
        sei_buf_puts(buf, label.en);
    }
}

static const char *entity(char c)
{
    switch (c) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&quot;";
    case '\'': return "&#39;";
    default: return NULL;
    }
}

void sei_html_text(sei_buf *buf, const char *text)
{
    while (*text) {
        const size_t plain = strcspn(text, "&<>\"'");

        sei_buf_put(buf, text, plain);
        text += plain;
        if (*text)
            sei_buf_puts(buf, entity(*text++));
    }
}

void sei_html_escape_label(sei_buf *buf, sei_label label, sei_lang lang)
{
    sei_html_text(buf, sei_label_in(label, lang));
    if (lang == SEI_LANG_BOTH && !sei_label_is_same(label)) {
        sei_buf_puts(buf, " / ");
        sei_html_text(buf, label.en);
    }
}

static void put_span(sei_buf *buf, const char *lang, const char *text)
{
    sei_buf_printf(buf, "<span class=\"%s\" lang=\"%s\">", lang, lang);
    sei_html_text(buf, text);
    sei_buf_puts(buf, "</span>");
}

void sei_html_label(sei_buf *buf, sei_label label, sei_lang lang)
{
    if (lang != SEI_LANG_BOTH || sei_label_is_same(label)) {
        sei_html_text(buf, sei_label_in(label, lang));
        return;
    }
    put_span(buf, "ja", label.ja);
    sei_buf_putc(buf, ' ');
    put_span(buf, "en", label.en);
}

sei_status sei_give(sei_buf *buf, char **ret_text, size_t *ret_len)
{
    const sei_status st   = buf->status;
    char            *text = NULL;

    if (st != SEI_OK) {
        sei_buf_done(buf);
        return st;
    }
    const size_t len = buf->len;
    if (buf->size) {
        text = buf->text;
        sei_buf_init(buf, buf->ctx, buf->max);
    } else {
        text = sei_strndup(buf->ctx, "", 0);
    }
    if (!text)
        return SEI_E_NOMEM;
    *ret_text = text;
    *ret_len  = len;
    return SEI_OK;
}

sei_status sei_give_csv(sei_ctx *ctx, sei_table_writer *writer, char **ret_text, size_t *ret_len)
{
    sei_status  st   = sei_table_writer_status(writer);
    size_t      len  = 0;
    const char *text = st == SEI_OK ? sei_table_writer_text(writer, &len) : NULL;
    char       *copy = text ? sei_strndup(ctx, text, len) : NULL;

    sei_table_writer_free(writer);
    if (st == SEI_OK && !copy)
        st = SEI_E_NOMEM;
    if (st != SEI_OK)
        return st;
    *ret_text = copy;
    *ret_len  = len;
    return SEI_OK;
}
