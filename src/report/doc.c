/* doc.c - filling a document, and the list of its writers */
#include "report/doc.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "report/out.h"

enum { BLOCKS_MAX = 10000, PROPERTIES_MAX = 200 };

sei_doc *sei_doc_create(sei_ctx *ctx, sei_label title)
{
    sei_doc *doc = sei_alloc(ctx, 1, sizeof *doc);

    if (!doc)
        return NULL;
    sei_fill_init(&doc->fill, ctx);
    doc->title    = sei_fill_label(&doc->fill, title);
    doc->subtitle = (sei_label){"", ""};
    return doc;
}

void sei_doc_free(sei_doc *doc)
{
    if (!doc)
        return;
    sei_ctx *ctx = doc->fill.ctx;
    for (size_t i = 0; i < doc->n_blocks; i++) {
        sei_rtable_free(doc->block[i].table);
        sei_figure_free(doc->block[i].figure);
    }
    sei_release(ctx, doc->block);
    sei_release(ctx, doc->property);
    sei_fill_done(&doc->fill);
    sei_release(ctx, doc);
}

static bool is_open(const sei_doc *doc)
{
    return doc && doc->fill.status == SEI_OK;
}

void sei_doc_set_subtitle(sei_doc *doc, sei_label subtitle)
{
    if (is_open(doc))
        doc->subtitle = sei_fill_label(&doc->fill, subtitle);
}

void sei_doc_add_property(sei_doc *doc, sei_label name, sei_label value)
{
    if (!is_open(doc))
        return;
    sei_property *grown =
        sei_fill_room(&doc->fill, doc->property, &doc->properties_size, doc->n_properties,
                      sizeof *grown, PROPERTIES_MAX, "properties of a document");
    if (!grown)
        return;
    doc->property = grown;
    doc->property[doc->n_properties++] =
        (sei_property){sei_fill_label(&doc->fill, name), sei_fill_label(&doc->fill, value)};
}

/* NULL after a failure. */
static sei_block *add_block(sei_doc *doc, sei_block_kind kind, sei_label text)
{
    if (!is_open(doc))
        return NULL;
    sei_block *grown = sei_fill_room(&doc->fill, doc->block, &doc->blocks_size, doc->n_blocks,
                                     sizeof *grown, BLOCKS_MAX, "blocks in a document");
    if (!grown)
        return NULL;
    doc->block       = grown;
    sei_block *block = &doc->block[doc->n_blocks++];
    *block           = (sei_block){.kind = kind, .value = "", .source = "", .reason = {"", ""}};
    block->text      = sei_fill_label(&doc->fill, text);
    return block;
}

void sei_doc_add_section(sei_doc *doc, int level, sei_label heading)
{
    if (!is_open(doc))
        return;
    if (level < 1 || level > 3 || (level > 1 && doc->section[level - 2] == 0)) {
        sei_fill_fail(&doc->fill, SEI_E_ARG, "section \"%.60s\": level %d does not fit here",
                      heading.en   ? heading.en
                      : heading.ja ? heading.ja
                                   : "",
                      level);
        return;
    }
    sei_block *block = add_block(doc, SEI_BLOCK_SECTION, heading);
    if (!block)
        return;
    doc->section[level - 1]++;
    for (int below = level; below < 3; below++)
        doc->section[below] = 0;
    block->level = level;
    memcpy(block->part, doc->section, sizeof block->part);
}

void sei_doc_add_paragraph(sei_doc *doc, sei_label text)
{
    add_block(doc, SEI_BLOCK_PARAGRAPH, text);
}

void sei_doc_add_item(sei_doc *doc, sei_label text)
{
    add_block(doc, SEI_BLOCK_ITEM, text);
}

void sei_doc_add_warning(sei_doc *doc, sei_label text)
{
    add_block(doc, SEI_BLOCK_WARNING, text);
}

void sei_doc_add_assumption(sei_doc *doc, sei_label what, const char *value, sei_label reason,
                            const char *source)
{
    sei_block *block = add_block(doc, SEI_BLOCK_ASSUMPTION, what);

    if (!block)
        return;
    block->value  = sei_fill_text(&doc->fill, value);
    block->reason = sei_fill_label(&doc->fill, reason);
    block->source = sei_fill_text(&doc->fill, source);
}

/* Names become ids in a page and file names beside it. */
static bool has_name(const sei_doc *doc, const char *table, const char *figure)
{
    for (size_t i = 0; i < doc->n_blocks; i++) {
        const sei_block *b = &doc->block[i];
        if ((table && b->table && strcmp(b->table->name, table) == 0) ||
            (figure && b->figure && strcmp(b->figure->name, figure) == 0))
            return true;
    }
    return false;
}

/* A failure while the part was filled becomes the document's. */
static bool takes(sei_doc *doc, const sei_fill *part, const char *what, const char *name,
                  bool twice)
{
    if (!is_open(doc))
        return false;
    if (!part)
        sei_fill_fail(&doc->fill, SEI_E_NOMEM, "a %s of the document could not be made", what);
    else if (part->status != SEI_OK)
        sei_fill_fail(&doc->fill, part->status, "%s", part->error);
    else if (twice)
        sei_fill_fail(&doc->fill, SEI_E_DUPLICATE, "%s %s is in the document twice", what, name);
    return is_open(doc);
}

void sei_doc_add_table(sei_doc *doc, sei_rtable *table)
{
    sei_block *block = NULL;

    if (takes(doc, table ? &table->fill : NULL, "table", sei_rtable_name(table),
              doc && table && has_name(doc, table->name, NULL)))
        block = add_block(doc, SEI_BLOCK_TABLE, (sei_label){NULL, NULL});
    if (!block) {
        sei_rtable_free(table);
        return;
    }
    block->table  = table;
    block->number = ++doc->n_tables;
}

void sei_doc_add_figure(sei_doc *doc, sei_figure *figure, sei_label caption)
{
    sei_block *block = NULL;

    if (takes(doc, figure ? &figure->fill : NULL, "figure", sei_figure_name(figure),
              doc && figure && has_name(doc, NULL, figure->name)))
        block = add_block(doc, SEI_BLOCK_FIGURE, caption);
    if (!block) {
        sei_figure_free(figure);
        return;
    }
    block->figure = figure;
    block->number = ++doc->n_figures;
}

#define SEI_WRITER(name) extern const sei_writer sei_writer_##name;
#include "report/writer_list.h"
#undef SEI_WRITER

#define SEI_WRITER(name) &sei_writer_##name,
static const sei_writer *const writers[] = {
#include "report/writer_list.h"
};
#undef SEI_WRITER

size_t sei_writer_count(void)
{
    return sizeof writers / sizeof writers[0];
}

const sei_writer *sei_writer_at(size_t i)
{
    return i < sei_writer_count() ? writers[i] : NULL;
}

const sei_writer *sei_writer_find(const char *key)
{
    for (size_t i = 0; key && i < sei_writer_count(); i++)
        if (strcmp(writers[i]->key, key) == 0)
            return writers[i];
    return NULL;
}

static sei_status unknown_format(sei_ctx *ctx, const char *key)
{
    char   known[200] = "";
    size_t n          = 0;

    for (size_t i = 0; i < sei_writer_count() && n < sizeof known; i++)
        n += (size_t)snprintf(known + n, sizeof known - n, "%s%s", i ? ", " : "", writers[i]->key);
    return sei_fail(ctx, SEI_E_NOT_FOUND, NULL, "no document format \"%.40s\"; known are %s",
                    key ? key : "", known);
}

sei_status sei_doc_write(sei_ctx *ctx, const sei_doc *doc, const char *key, sei_lang lang,
                         char **ret_text, size_t *ret_len)
{
    const sei_writer *writer = sei_writer_find(key);

    if (!writer)
        return unknown_format(ctx, key);
    if (!doc)
        return sei_fail(ctx, SEI_E_NOMEM, NULL, "there is no document to write");
    const sei_status st = sei_fill_status(&doc->fill, ctx);
    return st == SEI_OK ? writer->write(ctx, doc, lang, ret_text, ret_len) : st;
}

sei_status sei_doc_save(sei_ctx *ctx, const sei_doc *doc, const char *key, sei_lang lang,
                        const char *path)
{
    char      *text = NULL;
    size_t     len  = 0;
    sei_status st   = sei_doc_write(ctx, doc, key, lang, &text, &len);

    if (st == SEI_OK)
        st = sei_file_write(ctx, path, text, len);
    sei_release(ctx, text);
    return st;
}
