/* writer_html.c - a document as one page that asks for nothing from outside
 *
 * The page is HTML and well-formed XML. It has no script: the choice of language is three radio
 * buttons and style rules, so that a policy can forbid scripts altogether. */
#include <stdio.h>

#include "report/doc.h"
#include "report/out.h"
#include "report/picture.h"

static const char policy[] = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
                             "base-uri 'none'; form-action 'none'";

static const char style[] =
    ":root{color-scheme:light}"
    "*{box-sizing:border-box}"
    "body{margin:0;background:#fff;color:#1c2430;line-height:1.7;"
    "font-family:'IPAexGothic','Noto Sans CJK JP','Noto Sans JP','Hiragino Sans','Yu Gothic UI',"
    "Meiryo,sans-serif;font-size:16px}"
    "header,main,nav{max-width:60rem;margin:0 auto;padding:0 1.25rem}"
    "h1{font-size:1.75rem;line-height:1.35;margin:2rem 0 .25rem}"
    "h2{font-size:1.3rem;margin:2.5rem 0 .75rem;padding-bottom:.25rem;"
    "border-bottom:2px solid #0072b2}"
    "h3{font-size:1.1rem;margin:1.75rem 0 .5rem}h4{font-size:1rem;margin:1.25rem 0 .5rem}"
    "h1,h2,h3,h4{font-weight:600;break-after:avoid}"
    ".en{color:#4a5562}h1 .en{display:block}"
    "h1 .en,h2 .en,h3 .en,h4 .en,caption .en,figcaption .en,th .en,td .en,dt .en,dd .en,"
    "nav .en,.subtitle .en,.note .en{font-size:.84em;font-weight:400}"
    "p{margin:.6rem 0}p>.en{display:block}"
    ".subtitle{font-size:1.05rem;margin:.1rem 0 1rem}"
    "dl{display:grid;grid-template-columns:max-content 1fr;gap:.15rem 1.25rem;margin:1rem 0;"
    "font-size:.92rem}dt{color:#4a5562}dd{margin:0;overflow-wrap:anywhere}"
    ".switch{position:absolute;opacity:0}"
    ".languages{max-width:60rem;margin:0 auto;padding:.75rem 1.25rem 0;text-align:right;"
    "font-size:.9rem}"
    ".languages label{display:inline-block;padding:.2rem .8rem;border:1px solid #8a94a0;"
    "margin-left:-1px;cursor:pointer}"
    ".languages label:first-child{border-radius:4px 0 0 4px}"
    ".languages label:last-child{border-radius:0 4px 4px 0}"
    "#show-ja:checked~.languages label[for=show-ja],#show-en:checked~.languages label[for=show-en],"
    "#show-both:checked~.languages label[for=show-both]{background:#0072b2;border-color:#0072b2;"
    "color:#fff}"
    "#show-ja:focus-visible~.languages label[for=show-ja],"
    "#show-en:focus-visible~.languages label[for=show-en],"
    "#show-both:focus-visible~.languages label[for=show-both]{outline:3px solid #d55e00;"
    "outline-offset:2px}"
    "#show-ja:checked~* span.en{display:none}"
    "#show-en:checked~* span.ja{display:none}"
    "#show-en:checked~* span.en{color:inherit;font-size:1em;font-weight:inherit}"
    "nav{font-size:.95rem;margin-top:1rem}nav ol{list-style:none;margin:0;padding:.75rem 1rem;"
    "background:#f3f4f6}nav li{margin:.1rem 0}nav .sub{padding-left:1.75rem;font-size:.95em}"
    "a{color:#005a8f}"
    ".scroll{overflow-x:auto;margin:1.25rem 0}"
    /* wide tables take the room to the right of the text */
    "@media screen{.scroll{width:max-content;min-width:100%;max-width:calc(50vw + 50% - 1.5rem)}}"
    "table{border-collapse:collapse;font-size:.9rem;min-width:50%}"
    "caption{text-align:left;padding:.25rem 0 .5rem;font-size:1rem}"
    "th .en,td .en{display:block}"
    "th,td{padding:.35rem .65rem;text-align:left;border-bottom:1px solid #d5dae0;"
    "vertical-align:top;line-height:1.5}"
    "thead th{border-bottom:2px solid #5b6673;background:#f3f4f6;vertical-align:bottom;"
    "white-space:nowrap}"
    "tbody th{font-weight:400}"
    ".s{white-space:nowrap}.l{min-width:12em}.assumptions td{min-width:6em}"
    ".n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}"
    "small{font-weight:400}"
    ".v{white-space:nowrap;font-weight:600}.pass{color:#00664b}.fail{color:#fff;background:#b3122b}"
    ".fail .en{color:#fff}.pass .en{color:#00664b}.none{color:#4a5562;font-weight:400}"
    "figure{margin:1.75rem 0;break-inside:avoid;overflow-x:auto}"
    "figure "
    "svg{display:block;max-width:100%;height:auto}figcaption{margin-top:.4rem;font-size:.95rem}"
    ".note{font-size:.9rem;color:#4a5562;margin:.2rem 0}"
    ".warning{border-left:5px solid #e69f00;background:#fdf5e4;padding:.5rem 1rem}"
    "li>.en{margin-left:.4em}"
    "@media screen and (max-width:44rem){figure svg{max-width:none;width:40rem}"
    "th,td{padding:.35rem .45rem}}"
    "@page{size:A4;margin:18mm 16mm}"
    "@media print{body{font-size:10.5pt;line-height:1.55}.languages,nav{display:none}"
    "header,main{max-width:none;padding:0}h1{margin-top:0}.scroll,figure{overflow:visible}.s{white-"
    "space:normal}.l{min-width:0}"
    "thead{display:table-header-group}tr{break-inside:avoid}a{color:inherit;"
    "text-decoration:none}.fail{print-color-adjust:exact;-webkit-print-color-adjust:exact}}";

typedef struct {
    sei_buf           *out;
    const sei_doc     *doc;
    sei_lang           lang;
    const sei_gallery *gallery; /* the document's figures in their order */
    size_t             n_hung;  /* of them are on the page */
} page;

static void label(page *p, sei_label text)
{
    sei_html_label(p->out, text, p->lang);
}

static void put_head(page *p)
{
    sei_buf_printf(p->out,
                   "<!DOCTYPE html>\n<html lang=\"%s\" xmlns=\"http://www.w3.org/1999/xhtml\">\n"
                   "<head>\n<meta charset=\"utf-8\" />\n"
                   "<meta http-equiv=\"Content-Security-Policy\" content=\"%s\" />\n"
                   "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\" />\n"
                   "<meta name=\"referrer\" content=\"no-referrer\" />\n<title>",
                   p->lang == SEI_LANG_EN ? "en" : "ja", policy);
    sei_html_escape_label(p->out, p->doc->title, p->lang);
    sei_buf_printf(p->out, "</title>\n<style>%s</style>\n</head>\n<body>\n", style);
}

/* Three radio buttons before everything that they show and hide. */
static void put_switch(page *p)
{
    static const struct {
        const char *id, *lang, *text;
    } choice[] = {{"ja", "ja", "日本語"}, {"en", "en", "English"}, {"both", "ja", "両方 / both"}};

    if (p->lang != SEI_LANG_BOTH)
        return;
    for (size_t i = 0; i < 3; i++)
        sei_buf_printf(p->out,
                       "<input class=\"switch\" type=\"radio\" name=\"show\" id=\"show-%s\" "
                       "autocomplete=\"off\"%s />\n",
                       choice[i].id, i == 0 ? " checked=\"checked\"" : "");
    sei_buf_puts(p->out, "<div class=\"languages\">");
    for (size_t i = 0; i < 3; i++)
        sei_buf_printf(p->out, "<label for=\"show-%s\" lang=\"%s\">%s</label>", choice[i].id,
                       choice[i].lang, choice[i].text);
    sei_buf_puts(p->out, "</div>\n");
}

static void put_top(page *p)
{
    const sei_doc *doc = p->doc;

    sei_buf_puts(p->out, "<header>\n<h1>");
    label(p, doc->title);
    sei_buf_puts(p->out, "</h1>\n");
    if (doc->subtitle.ja[0]) {
        sei_buf_puts(p->out, "<p class=\"subtitle\">");
        label(p, doc->subtitle);
        sei_buf_puts(p->out, "</p>\n");
    }
    if (doc->n_properties)
        sei_buf_puts(p->out, "<dl>\n");
    for (size_t i = 0; i < doc->n_properties; i++) {
        sei_buf_puts(p->out, "<dt>");
        label(p, doc->property[i].name);
        sei_buf_puts(p->out, "</dt><dd>");
        label(p, doc->property[i].value);
        sei_buf_puts(p->out, "</dd>\n");
    }
    sei_buf_puts(p->out, doc->n_properties ? "</dl>\n</header>\n" : "</header>\n");
}

/* "2.1", also as the end of an id: s2.1 */
static void put_number(page *p, const sei_block *section)
{
    for (int i = 0; i < section->level; i++)
        sei_buf_printf(p->out, "%s%zu", i ? "." : "", section->part[i]);
}

static void put_contents(page *p)
{
    const sei_label name = {"目次", "Contents"};

    if (p->doc->section[0] < 2)
        return;
    sei_buf_puts(p->out, "<nav aria-label=\"");
    sei_html_escape_label(p->out, name, p->lang);
    sei_buf_puts(p->out, "\">\n<ol>\n");
    for (size_t i = 0; i < p->doc->n_blocks; i++) {
        const sei_block *b = &p->doc->block[i];
        if (b->kind != SEI_BLOCK_SECTION || b->level > 2)
            continue;
        sei_buf_printf(p->out, "<li%s><a href=\"#s", b->level > 1 ? " class=\"sub\"" : "");
        put_number(p, b);
        sei_buf_puts(p->out, "\">");
        put_number(p, b);
        sei_buf_putc(p->out, ' ');
        label(p, b->text);
        sei_buf_puts(p->out, "</a></li>\n");
    }
    sei_buf_puts(p->out, "</ol>\n</nav>\n");
}

static void put_section(page *p, const sei_block *b)
{
    sei_buf_printf(p->out, "<h%d id=\"s", b->level + 1);
    put_number(p, b);
    sei_buf_puts(p->out, "\">");
    put_number(p, b);
    sei_buf_putc(p->out, ' ');
    label(p, b->text);
    sei_buf_printf(p->out, "</h%d>\n", b->level + 1);
}

static void put_element(page *p, const char *open, sei_label text, const char *close)
{
    sei_buf_puts(p->out, open);
    label(p, text);
    sei_buf_puts(p->out, close);
}

static void put_assumption(page *p, const sei_block *b)
{
    sei_buf_puts(p->out, "<tr><th scope=\"row\">");
    label(p, b->text);
    sei_buf_puts(p->out, "</th><td>");
    sei_html_text(p->out, b->value);
    sei_buf_puts(p->out, "</td><td>");
    label(p, b->reason);
    sei_buf_puts(p->out, "</td><td>");
    sei_html_text(p->out, b->source);
    sei_buf_puts(p->out, "</td></tr>\n");
}

static void open_assumptions(page *p)
{
    static const sei_label head[] = {
        {"仮定した項目", "Assumed"}, {"値", "Value"}, {"理由", "Reason"}, {"出典", "Source"}};

    sei_buf_puts(p->out, "<div class=\"scroll\">\n<table class=\"assumptions\">\n<thead><tr>");
    for (size_t i = 0; i < sizeof head / sizeof head[0]; i++)
        put_element(p, "<th scope=\"col\">", head[i], "</th>");
    sei_buf_puts(p->out, "</tr></thead>\n<tbody>\n");
}

static void put_figure(page *p, const sei_block *b)
{
    char ja[40], en[40];

    snprintf(ja, sizeof ja, "図 %zu", b->number);
    snprintf(en, sizeof en, "Figure %zu", b->number);
    sei_buf_printf(p->out, "<figure id=\"figure-%s\">\n", b->figure->name);
    sei_gallery_put(p->gallery, p->n_hung++, p->out);
    put_element(p, "\n<figcaption><b>", (sei_label){ja, en}, "</b> ");
    label(p, b->figure->title);
    if (b->text.ja[0])
        put_element(p, "<p class=\"note\">", b->text, "</p>");
    sei_buf_puts(p->out, "</figcaption>\n</figure>\n");
}

static void put_block(page *p, const sei_block *b)
{
    switch (b->kind) {
    case SEI_BLOCK_SECTION: put_section(p, b); break;
    case SEI_BLOCK_PARAGRAPH: put_element(p, "<p>", b->text, "</p>\n"); break;
    case SEI_BLOCK_ITEM: put_element(p, "<li>", b->text, "</li>\n"); break;
    case SEI_BLOCK_ASSUMPTION: put_assumption(p, b); break;
    case SEI_BLOCK_WARNING:
        put_element(p, "<p class=\"warning\" role=\"note\"><b>", (sei_label){"注意", "Caution"},
                    "</b> ");
        put_element(p, "", b->text, "</p>\n");
        break;
    case SEI_BLOCK_TABLE:
        sei_buf_puts(p->out, "<div class=\"scroll\">\n");
        sei_rtable_put_html(p->out, b->table, p->lang, b->number);
        sei_buf_puts(p->out, "</div>\n");
        break;
    case SEI_BLOCK_FIGURE: put_figure(p, b); break;
    }
}

/* Items and assumptions that follow one another share a list or a table. */
static void put_blocks(page *p)
{
    const sei_doc *doc = p->doc;

    for (size_t i = 0; i < doc->n_blocks; i++) {
        const sei_block_kind kind  = doc->block[i].kind;
        const bool           first = i == 0 || doc->block[i - 1].kind != kind;
        const bool           last  = i + 1 == doc->n_blocks || doc->block[i + 1].kind != kind;

        if (kind == SEI_BLOCK_ITEM && first)
            sei_buf_puts(p->out, "<ul>\n");
        if (kind == SEI_BLOCK_ASSUMPTION && first)
            open_assumptions(p);
        put_block(p, &doc->block[i]);
        if (kind == SEI_BLOCK_ITEM && last)
            sei_buf_puts(p->out, "</ul>\n");
        if (kind == SEI_BLOCK_ASSUMPTION && last)
            sei_buf_puts(p->out, "</tbody>\n</table>\n</div>\n");
    }
}

static sei_status draw_figures(sei_ctx *ctx, const sei_doc *doc, sei_lang lang, sei_gallery **ret)
{
    const sei_figure **figures = sei_alloc(ctx, doc->n_blocks + 1, sizeof *figures);
    size_t             n       = 0;

    if (!figures)
        return SEI_E_NOMEM;
    for (size_t i = 0; i < doc->n_blocks; i++)
        if (doc->block[i].kind == SEI_BLOCK_FIGURE)
            figures[n++] = doc->block[i].figure;
    const sei_status st = sei_gallery_create(ctx, n, figures, lang, ret);
    sei_release(ctx, figures);
    return st;
}

static sei_status write_html(sei_ctx *ctx, const sei_doc *doc, sei_lang lang, char **ret_text,
                             size_t *ret_len)
{
    sei_gallery     *gallery = NULL;
    sei_buf          out;
    const sei_status st = draw_figures(ctx, doc, lang, &gallery);

    if (st != SEI_OK)
        return st;
    page p = {.out = &out, .doc = doc, .lang = lang, .gallery = gallery};
    sei_buf_init(&out, ctx, SEI_REPORT_BYTES_MAX);
    put_head(&p);
    put_switch(&p);
    put_top(&p);
    put_contents(&p);
    sei_buf_puts(&out, "<main>\n");
    put_blocks(&p);
    sei_buf_puts(&out, "</main>\n</body>\n</html>\n");
    sei_gallery_free(gallery);
    return sei_give(&out, ret_text, ret_len);
}

const sei_writer sei_writer_html = {
    .key        = "html",
    .media_type = "text/html; charset=utf-8",
    .title      = {"HTML（自己完結した1ファイル）", "HTML, one self-contained file"},
    .write      = write_html,
};
