/* doc.h - what a document holds between filling and writing */
#ifndef SEI_REPORT_DOC_H
#define SEI_REPORT_DOC_H

#include "report/figure.h"
#include "report/rtable.h"

typedef enum {
    SEI_BLOCK_SECTION,
    SEI_BLOCK_PARAGRAPH,
    SEI_BLOCK_ITEM,
    SEI_BLOCK_ASSUMPTION,
    SEI_BLOCK_WARNING,
    SEI_BLOCK_TABLE,
    SEI_BLOCK_FIGURE
} sei_block_kind;

typedef struct {
    sei_block_kind kind;
    int            level;   /* SECTION: 1..3 */
    sei_label      text;    /* heading, paragraph, item, warning, caption, what is assumed */
    const char    *value;   /* ASSUMPTION */
    sei_label      reason;  /* ASSUMPTION */
    const char    *source;  /* ASSUMPTION */
    sei_rtable    *table;   /* owned */
    sei_figure    *figure;  /* owned */
    size_t         number;  /* of a table or a figure, from 1 */
    size_t         part[3]; /* SECTION: 2.1 is {2, 1, 0} */
} sei_block;

typedef struct {
    sei_label name, value;
} sei_property;

struct sei_doc {
    sei_fill      fill;
    sei_label     title, subtitle;
    sei_property *property;
    size_t        n_properties, properties_size;
    sei_block    *block;
    size_t        n_blocks, blocks_size;
    size_t        n_tables, n_figures, section[3];
};

#endif
