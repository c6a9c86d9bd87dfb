/* dbread.h - inside of the database reader: its state, and what its files share */
#ifndef SEI_CHEM_DBREAD_H
#define SEI_CHEM_DBREAD_H

#include "base/text.h"
#include "chem/db.h"
#include "chem/equation.h"

enum { SEI_DBREAD_LINE_MAX = 4096, SEI_DBREAD_NAME_MAX = 100, SEI_DBREAD_EXPRESSIONS_MAX = 500 };

typedef enum {
    SEI_BLOCK_NONE,
    SEI_BLOCK_MASTER,
    SEI_BLOCK_SPECIES,
    SEI_BLOCK_PHASES,
    SEI_BLOCK_EXPRESSIONS,
    SEI_BLOCK_LLNL,
    SEI_BLOCK_GASES,
    SEI_BLOCK_PITZER,
    SEI_BLOCK_SIT,
    SEI_BLOCK_INPUT, /* a keyword of inputs */
    SEI_BLOCK_OTHER
} sei_db_block;

typedef enum { SEI_ITEM_NONE, SEI_ITEM_SPECIES, SEI_ITEM_PHASE, SEI_ITEM_EXPRESSION } sei_item_kind;

/* What is being defined: options follow its reaction or name, line by line. */
typedef struct {
    sei_item_kind kind;
    size_t        index;
    size_t        line;
    bool          check, has_analytic;
    double        log_k, delta_h;
    double        analytic[SEI_LOGK_TERMS];
    sei_logk      added; /* -add_logk */
} sei_db_item;

typedef struct {
    sei_ctx             *ctx;
    sei_db              *db;
    sei_where            where;
    sei_db_block         block;
    sei_db_item          item;
    char                 phase_name[SEI_DBREAD_NAME_MAX]; /* read, its reaction not yet */
    sei_phase_parts     *phase_parts; /* of the phase that is being defined; NULL: none */
    double              *llnl_at;     /* array that numbers of the LLNL block go to */
    size_t               llnl_n, llnl_max, llnl_rows; /* filled, possible; temperatures given */
    sei_interaction_kind interaction;                 /* that lines of PITZER and SIT give */
} sei_db_reader;

/* "what: "text"" at the present line. */
sei_status sei_dbread_fail(const sei_db_reader *r, sei_status status, const char *what,
                           sei_slice text);

bool sei_dbread_is_keyword(sei_slice word); /* of a database, in any case of letters */

/* Numbers of a line: at least need, at most max; what follows them is passed over. *ret_n may be NULL. */
SEI_CHECKED sei_status sei_dbread_numbers(const sei_db_reader *r, sei_slice rest, size_t need,
                                          size_t max, double out[], size_t *ret_n);

/* --- items (dbread_item.c) --- */
SEI_CHECKED sei_status sei_dbread_grow(const sei_db_reader *r, void **items, size_t n, size_t *cap,
                                       size_t size);
SEI_CHECKED sei_status sei_dbread_element(sei_db_reader *r, const char *symbol,
                                          size_t *ret_element);
SEI_CHECKED sei_status sei_dbread_species(sei_db_reader *r, sei_slice text, size_t *ret_species);
SEI_CHECKED sei_status sei_dbread_composition(sei_db_reader *r, sei_slice formula,
                                              sei_composition *ret);
/* A reaction of SOLUTION_SPECIES, of PHASES, a name of NAMED_EXPRESSIONS: each begins an item. */
SEI_CHECKED sei_status sei_dbread_define_species(sei_db_reader *r, sei_slice line);
SEI_CHECKED sei_status sei_dbread_define_phase(sei_db_reader *r, sei_slice line);
SEI_CHECKED sei_status sei_dbread_define_expression(sei_db_reader *r, sei_slice name);
/* Ends the item: its constant is put together, its reaction checked. */
SEI_CHECKED sei_status sei_dbread_close_item(sei_db_reader *r);

/* --- phases made of other phases (dbread_phase.c) --- */
/* Does a term of a phase's reaction name a phase? It is then one of *parts, which is made when it is NULL. */
SEI_CHECKED sei_status sei_dbread_phase_part(sei_db_reader *r, const sei_eterm *term,
                                             sei_phase_parts **parts, bool *ret_is_phase);
/* Does a name end so, whatever its case, and is more than that? "(g)" and other states. */
bool sei_dbread_ends_with(sei_slice name, const char *end);
/* The species that a term of a phase's reaction names, without the state behind it: "H2O(l)", "HDO(aq)". */
sei_slice sei_dbread_without_state(const sei_db_reader *r, sei_slice name);
/* At the end: reactions of phases are those of their parts and their own. */
SEI_CHECKED sei_status sei_dbread_join_phases(sei_db_reader *r);
/* Elements and charge of `whole` minus those of the reaction's species; line: where it stands. */
SEI_CHECKED sei_status sei_dbread_check_balance(const sei_db_reader *r, const char *name,
                                                size_t line, const sei_composition *whole,
                                                const sei_reaction *reaction);
SEI_CHECKED sei_status sei_dbread_add_term(const sei_db_reader *r, sei_reaction *reaction,
                                           size_t species, double coef, const char *name);

/* --- options (dbread_option.c) --- */
/* Reads the line as an option of the item; *ret_is_option is false when it is none. */
SEI_CHECKED sei_status sei_dbread_option(sei_db_reader *r, sei_slice line, bool *ret_is_option);
SEI_CHECKED sei_status sei_dbread_gas_pair(sei_db_reader *r, sei_slice line);
SEI_CHECKED sei_status sei_dbread_llnl(sei_db_reader *r, sei_slice line);

/* --- PITZER and SIT (dbread_interaction.c); _begin: at the keyword; _sort: at the end --- */
SEI_CHECKED sei_status sei_dbread_begin_model(sei_db_reader *r, sei_activity_model model);
SEI_CHECKED sei_status sei_dbread_interaction(sei_db_reader *r, sei_slice line);
void                   sei_dbread_sort_interactions(sei_db *db);

/* --- master species and what is checked at the end (dbread_master.c) --- */
SEI_CHECKED sei_status sei_dbread_master(sei_db_reader *r, sei_slice line);
SEI_CHECKED sei_status sei_dbread_finish(sei_db_reader *r);

#endif
