/* writer_json.c - a document as JSON: head, then its blocks in order */
#include "report/doc.h"
#include "report/json.h"

static json_t *block_of(const sei_block *b)
{
    switch (b->kind) {
    case SEI_BLOCK_SECTION:
        return json_pack("{s:s, s:i, s:o}", "block", "section", "level", b->level, "text",
                         sei_json_label(b->text));
    case SEI_BLOCK_PARAGRAPH:
        return json_pack("{s:s, s:o}", "block", "paragraph", "text", sei_json_label(b->text));
    case SEI_BLOCK_ITEM:
        return json_pack("{s:s, s:o}", "block", "item", "text", sei_json_label(b->text));
    case SEI_BLOCK_WARNING:
        return json_pack("{s:s, s:o}", "block", "warning", "text", sei_json_label(b->text));
    case SEI_BLOCK_ASSUMPTION:
        return json_pack("{s:s, s:o, s:s, s:o, s:s}", "block", "assumption", "text",
                         sei_json_label(b->text), "value", b->value, "reason",
                         sei_json_label(b->reason), "source", b->source);
    case SEI_BLOCK_TABLE:
        return json_pack("{s:s, s:o}", "block", "table", "table", sei_json_table(b->table));
    case SEI_BLOCK_FIGURE: break;
    }
    return json_pack("{s:s, s:s, s:o, s:o, s:o}", "block", "figure", "name", b->figure->name,
                     "title", sei_json_label(b->figure->title), "caption", sei_json_label(b->text),
                     "alt", sei_json_label(b->figure->alt));
}

static json_t *properties_of(const sei_doc *doc)
{
    json_t *list = json_array();

    for (size_t i = 0; list && i < doc->n_properties; i++) {
        const sei_property *p = &doc->property[i];
        if (json_array_append_new(list, json_pack("{s:o, s:o}", "name", sei_json_label(p->name),
                                                  "value", sei_json_label(p->value))) != 0) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

static json_t *blocks_of(const sei_doc *doc)
{
    json_t *list = json_array();

    for (size_t i = 0; list && i < doc->n_blocks; i++)
        if (json_array_append_new(list, block_of(&doc->block[i])) != 0) {
            json_decref(list);
            return NULL;
        }
    return list;
}

static sei_status write_json(sei_ctx *ctx, const sei_doc *doc, sei_lang lang, char **ret_text,
                             size_t *ret_len)
{
    (void)lang; /* both are always there */
    return sei_json_give(ctx,
                         json_pack("{s:o, s:o, s:o, s:o}", "title", sei_json_label(doc->title),
                                   "subtitle", sei_json_label(doc->subtitle), "properties",
                                   properties_of(doc), "blocks", blocks_of(doc)),
                         ret_text, ret_len);
}

const sei_writer sei_writer_json = {
    .key        = "json",
    .media_type = "application/json",
    .title      = {"JSON", "JSON"},
    .write      = write_json,
};
