/* read_database.c - blocks that other readers understand: species, phases, titles, and what has no effect */
#include <string.h>

#include "base/buf.h"
#include "phreeqc/reader.h"

sei_status sei_pq_add_text(sei_pq_reader *r, sei_pq_text *text, const sei_pq_line *line)
{
    const sei_status st = SEI_PQ_GROW(r, text->lines, text->n);

    if (st == SEI_OK)
        text->lines[text->n++] = *line;
    return st;
}

/* Everything up to the next keyword. */
static sei_status read_text(sei_pq_reader *r)
{
    const sei_pq_line *line;
    sei_status         st   = SEI_OK;
    sei_pq_text       *text = sei_pq_new(r, sizeof *text);

    if (!text)
        return SEI_E_NOMEM;
    while (st == SEI_OK && sei_pq_next_line(r, &line))
        st = sei_pq_add_text(r, text, line);
    r->block->as.text = text;
    return st;
}

sei_status sei_pq_read_database(sei_pq_reader *r)
{
    const sei_status st = sei_pq_nothing(r, r->block->where, r->rest);

    return st == SEI_OK ? read_text(r) : st;
}

sei_status sei_pq_read_title(sei_pq_reader *r)
{
    char *first = sei_pq_keep(r, sei_trim(r->rest));

    if (!first)
        return SEI_E_NOMEM;
    r->block->description = first;
    return read_text(r);
}

/* Settings of PHREEQC's solver: known ones are taken, and do nothing. */
sei_status sei_pq_read_knobs(sei_pq_reader *r)
{
    static const char *const options[] = {"iterations",
                                          "tolerance",
                                          "step_size",
                                          "pe_step_size",
                                          "scale_pure_phases",
                                          "diagonal_scale",
                                          "debug_model",
                                          "debug_prep",
                                          "debug_set",
                                          "debug_inverse",
                                          "logfile",
                                          "log_file",
                                          "debug_diffuse_layer",
                                          "delay_mass_water",
                                          "convergence_tolerance",
                                          "numerical_derivatives",
                                          "tries",
                                          "try",
                                          "numerical_fixed_volume",
                                          "force_numerical_fixed_volume",
                                          "equi_delay",
                                          "minimum_total",
                                          "min_total",
                                          "debug_mass_action",
                                          "debug_mass_balance"};
    const sei_pq_line       *line;
    int                      option;
    sei_slice                rest;
    sei_status               st = SEI_OK;

    sei_warn(r->ctx, &r->block->where, "KNOBS has no effect: the solver has no such settings");
    while (st == SEI_OK && sei_pq_next_line(r, &line)) {
        st = sei_pq_option(r, line, options, sizeof options / sizeof *options, &option, &rest);
        if (st == SEI_OK && option == SEI_PQ_DATA)
            st = sei_pq_fail(r, SEI_E_KEY, line->where, "\"%.60s\" is no option", line->text);
    }
    return st;
}

sei_status sei_pq_database_text(sei_ctx *ctx, const sei_pq_block *block, char **ret_text,
                                size_t *ret_len, size_t *ret_first_line)
{
    const sei_pq_text *text = block->as.text;
    size_t             at   = block->where.line; /* line of the file that the buffer stands on */
    sei_buf            buf;

    sei_buf_init(&buf, ctx, 2 * (size_t)SEI_PQ_BYTES_MAX);
    sei_buf_puts(&buf, block->keyword);
    for (size_t i = 0; i < text->n; i++) {
        const sei_pq_line *line = &text->lines[i];
        const bool here = line->where.file && strcmp(line->where.file, block->where.file) == 0;

        /* Two pieces of one line are kept on one line by ";". */
        if (here && line->where.line == at) {
            sei_buf_puts(&buf, i == 0 ? "\n" : "; ");
            at += i == 0;
        } else {
            do {
                sei_buf_putc(&buf, '\n');
                at++;
            } while (here && at < line->where.line);
        }
        sei_buf_puts(&buf, line->text);
    }
    sei_buf_putc(&buf, '\n');
    if (buf.status != SEI_OK) {
        sei_buf_done(&buf);
        return SEI_E_NOMEM;
    }
    *ret_text       = buf.text; /* never empty: the keyword is in it */
    *ret_len        = buf.len;
    *ret_first_line = block->where.line;
    return SEI_OK;
}
