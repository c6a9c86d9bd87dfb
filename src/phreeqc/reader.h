/* reader.h - what the readers of the keywords share */
#ifndef SEI_PHREEQC_READER_H
#define SEI_PHREEQC_READER_H

#include "base/text.h"
#include "phreeqc/lex.h"

typedef struct {
    sei_ctx      *ctx;
    sei_pq_input *input;
    sei_pq_lines  lines;
    size_t        next;  /* line that comes next */
    sei_pq_block *block; /* that is being read */
    sei_slice     rest;  /* of the keyword's line, after number and description where it has them */
    int           solution_max; /* highest number of a SOLUTION so far */
    /* Definitions that later ones of the same kind go on from. */
    sei_pq_selected  *selected; /* definition 1 */
    sei_pq_transport *transport;
    sei_pq_advection *advection;
} sei_pq_reader;

/* ------------------------------------------------------------------ keywords (keyword.c) */

typedef sei_status sei_pq_read_fn(sei_pq_reader *r);

typedef struct {
    const char       *word; /* lower case, as it may be written */
    size_t            len;
    const char       *canonical; /* "EQUILIBRIUM_PHASES" */
    sei_pq_block_kind kind;
    bool              is_numbered; /* number or range and a description may follow */
    sei_pq_read_fn   *read;        /* NULL: not supported */
} sei_pq_keyword;

const sei_pq_keyword *sei_pq_keyword_find(sei_slice word); /* NULL: not a keyword */
/* EXCHANGE of EXCHANGE_RAW, EXCHANGE_MIX ... */
sei_pq_entity sei_pq_entity_with(const char *keyword, const char *ending);
bool          sei_pq_entity_of_keyword(const sei_pq_keyword *keyword, sei_pq_entity *ret_entity);

/* One for each kind of block, in the read_*.c files. r->block has kind, number and description; lines
 * that follow belong to the block up to the next keyword. */
sei_pq_read_fn sei_pq_read_solution, sei_pq_read_spread, sei_pq_read_equilibrium,
    sei_pq_read_gas_phase, sei_pq_read_solid_solutions, sei_pq_read_exchange, sei_pq_read_surface,
    sei_pq_read_reaction, sei_pq_read_ramp, sei_pq_read_mix, sei_pq_read_kinetics,
    sei_pq_read_rates, sei_pq_read_incremental, sei_pq_read_use, sei_pq_read_save, sei_pq_read_copy,
    sei_pq_read_delete, sei_pq_read_selected, sei_pq_read_program, sei_pq_read_print,
    sei_pq_read_title, sei_pq_read_knobs, sei_pq_read_transport, sei_pq_read_advection,
    sei_pq_read_database, sei_pq_read_run_cells, sei_pq_read_modify, sei_pq_read_dump,
    sei_pq_read_inverse, sei_pq_read_parameters, sei_pq_read_isotopes;

/* ------------------------------------------------------------------ lines and words (token.c) */

/* The next line of the block; false at the next keyword or at the end. */
bool sei_pq_next_line(sei_pq_reader *r, const sei_pq_line **ret_line);

/* Of a solution or reaction: what the constants at 1 atm serve for, with a warning. */
SEI_CHECKED sei_status sei_pq_check_pressure(sei_pq_reader *r, sei_where where, double atm);

enum { SEI_PQ_DATA = -1 }; /* of sei_pq_option: the line is no option */

/* The first word of a line as an option, without its "-"; is it written with one. */
bool sei_pq_option_word(const sei_pq_line *line, sei_slice *ret_word, sei_slice *ret_rest);
/* Its place in a list, SEI_PQ_DATA: none. */
int sei_pq_option_in(const char *const *names, size_t n, sei_slice word, bool dash);

/* Options are found as PHREEQC finds them: after "-" by the first name of the list that starts with the
 * word, without "-" by a whole name. rest is what follows. An unknown word after "-" is an error. */
SEI_CHECKED sei_status sei_pq_option(sei_pq_reader *r, const sei_pq_line *line,
                                     const char *const *names, size_t n, int *ret_option,
                                     sei_slice *ret_rest);

/* Errors: "<KEYWORD>: <text>". */
sei_status sei_pq_fail(sei_pq_reader *r, sei_status status, sei_where where, const char *fmt, ...)
    SEI_PRINTF(4, 5);

/* For "%.*s": a word that may be long. */
#define SEI_PQ_SHOWN(word) (int)((word).len < 60 ? (word).len : 60), (word).at

/* what names the value in messages: "amount of Calcite". */
SEI_CHECKED sei_status sei_pq_number(sei_pq_reader *r, sei_where where, sei_slice *rest,
                                     const char *what, double *ret_value);
/* Leaves *value alone when nothing follows. */
SEI_CHECKED sei_status sei_pq_number_or(sei_pq_reader *r, sei_where where, sei_slice *rest,
                                        const char *what, double *value);
SEI_CHECKED sei_status sei_pq_integer(sei_pq_reader *r, sei_where where, sei_slice *rest,
                                      const char *what, int min, int *ret_value);
SEI_CHECKED sei_status sei_pq_flag(sei_pq_reader *r, sei_where where, sei_slice rest,
                                   bool *ret_flag);
SEI_CHECKED sei_status sei_pq_range_of(sei_pq_reader *r, sei_where where, sei_slice word,
                                       sei_pq_range *ret);
SEI_CHECKED sei_status sei_pq_ranges(sei_pq_reader *r, sei_where where, sei_slice rest, size_t *n,
                                     sei_pq_range **ranges);
/* "-equilibrate with solution 3": the first number of the line. */
SEI_CHECKED sei_status sei_pq_solution_number(sei_pq_reader *r, sei_where where, sei_slice rest,
                                              int *ret_solution);
/* Nothing may follow. */
SEI_CHECKED sei_status sei_pq_nothing(sei_pq_reader *r, sei_where where, sei_slice rest);
/* Numbers and "4*0.1"; stops before a word that is none. */
SEI_CHECKED sei_status sei_pq_values(sei_pq_reader *r, sei_where where, sei_slice *rest, size_t *n,
                                     double **values);
/* What follows "in" of "x in n steps" when steps holds n_wanted numbers. */
SEI_CHECKED sei_status sei_pq_equal_steps(sei_pq_reader *r, sei_where where, sei_slice rest,
                                          size_t n_wanted, const char *wanted, sei_pq_steps *steps);
/* Names with coefficients, "NaOH 1 Na2CO3 2": coefficient 1 when left out. */
SEI_CHECKED sei_status sei_pq_terms(sei_pq_reader *r, sei_where where, sei_slice rest, size_t *n,
                                    sei_pq_named **terms);

bool sei_pq_is_number(sei_slice word, double *ret_value);
bool sei_pq_is_name(sei_slice word); /* starts with a letter, "(" or "[" */
/* Seconds in a unit of time by its first letter, as PHREEQC: s, min, hour, day, year; 0: none. */
double sei_pq_time_unit(sei_slice word);

/* A time of at least 0 with its unit, seconds without one. */
SEI_CHECKED sei_status sei_pq_time_of(sei_pq_reader *r, sei_where where, sei_slice *rest,
                                      const char *what, double *ret_s);

/* ------------------------------------------------------------------ memory (token.c) */

/* In the arena. NULL with the error recorded. */
void *sei_pq_new(sei_pq_reader *r, size_t size);
char *sei_pq_keep(sei_pq_reader *r, sei_slice text);
/* Room for one more item; *items may move. */
SEI_CHECKED sei_status sei_pq_grow(sei_pq_reader *r, void **items, size_t n, size_t size);
/* The same for a list that is filled by name: SEI_PQ_PUSH(r, list->items, list->n). */
#define SEI_PQ_GROW(r, items, n) sei_pq_grow((r), (void **)&(items), (n), sizeof *(items))

/* A new block with the keyword, number and place of an existing one (rows of SOLUTION_SPREAD). */
SEI_CHECKED sei_status sei_pq_add_block(sei_pq_reader *r, const sei_pq_keyword *keyword,
                                        sei_where where, sei_pq_block **ret_block);

/* ------------------------------------------------------------------ units (unit.c) */

/* Unit words of concentrations as PHREEQC takes them; false when it is none. */
bool sei_pq_unit_of(sei_slice word, sei_pq_unit *ret_unit);
/* mol, mmol, umol; false when it is none. */
bool sei_pq_mol_unit(sei_slice word, double *ret_factor);

/* ------------------------------------------------------------------ solutions (read_solution.c) */

void sei_pq_solution_default(sei_pq_solution *solution);
/* An option or an analyte; shared with SOLUTION_SPREAD. */
SEI_CHECKED sei_status sei_pq_solution_line(sei_pq_reader *r, sei_pq_solution *solution,
                                            const sei_pq_line *line);
SEI_CHECKED sei_status sei_pq_solution_option(sei_pq_reader *r, sei_pq_solution *solution,
                                              const sei_pq_line *line, bool *ret_done);
/* "Fe(+2)" and "Fe(2)" are one; valences that share a number stand with one blank between. */
SEI_CHECKED sei_status sei_pq_component(sei_pq_reader *r, sei_where where, sei_slice word,
                                        const char **ret_name);

/* "13C" or "34S(6)" of an isotope; nothing behind it is read. */
SEI_CHECKED sei_status sei_pq_isotope_name(sei_pq_reader *r, sei_where where, sei_slice word,
                                           const char **ret_label, const char **ret_component,
                                           double *ret_mass);
/* "13C -7.0 1.4": the uncertainty may be left out. What follows stays in rest. */
SEI_CHECKED sei_status sei_pq_isotope_of(sei_pq_reader *r, sei_where where, sei_slice *rest,
                                         size_t *n, sei_pq_isotope **isotopes);
/* What must hold when all lines are read. */
SEI_CHECKED sei_status sei_pq_solution_close(sei_pq_reader *r, sei_pq_solution *solution);

/* ------------------------------------------------------------------ diffusion (read_diffusion.c) */

extern const sei_pq_multi sei_pq_multi_default;
SEI_CHECKED sei_status    sei_pq_multi_of(sei_pq_reader *r, sei_where where, sei_slice rest,
                                          sei_pq_multi *multi);
SEI_CHECKED sei_status    sei_pq_interlayer_of(sei_pq_reader *r, sei_where where, sei_slice rest,
                                               sei_pq_multi *multi);
SEI_CHECKED sei_status    sei_pq_implicit_of(sei_pq_reader *r, sei_where where, sei_slice rest,
                                             sei_pq_multi *multi);

/* ------------------------------------------------------------------ text (read_database.c) */

SEI_CHECKED sei_status sei_pq_add_text(sei_pq_reader *r, sei_pq_text *text,
                                       const sei_pq_line *line);

#endif
