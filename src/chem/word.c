/* word.c - words that ask for one result: "pH", "m(Fe+2)", "SI(Fe(OH)3(a))" */
#include <string.h>

#include "base/text.h"
#include "chem/db.h"

enum { NAME_MAX_BYTES = 120 };

typedef struct {
    const char   *text;
    sei_word_kind kind;
} row;

static const row plain[] = {
    {"pH", SEI_WORD_PH},         {"pe", SEI_WORD_PE},   {"mu", SEI_WORD_MU},
    {"charge", SEI_WORD_CHARGE}, {"alk", SEI_WORD_ALK}, {"aw", SEI_WORD_AW},
    {"temp", SEI_WORD_TEMP},
};

static const row of_name[] = {
    {"m", SEI_WORD_M},   {"la", SEI_WORD_LA}, {"tot", SEI_WORD_TOT},
    {"SI", SEI_WORD_SI}, {"n", SEI_WORD_N},
};

static void find_total(const sei_db *db, const char *name, sei_word *word)
{
    const size_t e = sei_db_find_element(db, name), m = sei_db_find_master(db, name);

    word->whole    = e != SIZE_MAX && (m == SIZE_MAX || !db->masters[m].is_valence);
    word->index    = word->whole ? e : m;
    word->is_known = word->index != SIZE_MAX && strcmp(name, "Alkalinity") != 0;
}

static void find_named(const sei_db *db, const char *name, sei_word *word)
{
    switch (word->kind) {
    case SEI_WORD_TOT: find_total(db, name, word); return;
    case SEI_WORD_SI:
    case SEI_WORD_N: word->index = sei_db_find_phase(db, name); break;
    default: word->index = sei_db_find_species(db, name); break;
    }
    word->is_known = word->index != SIZE_MAX;
}

sei_status sei_word_parse(sei_ctx *ctx, const sei_db *db, const char *text, size_t len,
                          sei_word *ret_word)
{
    const sei_slice all  = sei_trim((sei_slice){text, len});
    const char     *open = memchr(all.at, '(', all.len);
    char            name[NAME_MAX_BYTES];

    for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++) {
        if (sei_slice_is(all, plain[i].text)) {
            *ret_word = (sei_word){.kind = plain[i].kind, .is_known = true};
            return SEI_OK;
        }
    }
    if (open && all.at[all.len - 1] == ')') {
        const sei_slice head  = {all.at, (size_t)(open - all.at)};
        const sei_slice inner = sei_trim((sei_slice){open + 1, all.len - head.len - 2});
        for (size_t i = 0; i < sizeof of_name / sizeof of_name[0]; i++) {
            if (!sei_slice_is_nocase(head, of_name[i].text) || inner.len == 0 ||
                inner.len >= sizeof name)
                continue;
            memcpy(name, inner.at, inner.len);
            name[inner.len] = '\0';
            sei_word word   = {.kind = of_name[i].kind};
            find_named(db, name, &word);
            *ret_word = word;
            return SEI_OK;
        }
    }
    return sei_fail(
        ctx, SEI_E_KEY, NULL,
        "\"%.*s\" asks for nothing known: pH, pe, mu, charge, alk, aw, temp, m(SPECIES), "
        "la(SPECIES), tot(ELEMENT), SI(PHASE), n(PHASE)",
        (int)(all.len < 100 ? all.len : 100), all.at);
}
