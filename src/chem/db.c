/* db.c - look-up, names and constants of a thermodynamic database */
#include "chem/db.h"

#include <math.h>
#include <string.h>

#include "base/number.h"
#include "chem/formula.h"

bool sei_species_canonical(const char *text, size_t len, char *out, size_t size)
{
    double       charge;
    const size_t body                 = sei_charge_split(text, len, &charge);
    const double number               = fabs(charge);
    char         mark[SEI_NUMBER_MAX] = "";

    if (number > 1.0 && number < 10.0 && number == floor(number))
        mark[0] = (char)('0' + (int)number);
    else if (number != 0.0 && number != 1.0)
        sei_format_double(mark, number, 0);
    const size_t sign = number != 0.0, n_mark = strlen(mark);
    if (body + sign + n_mark >= size)
        return false;
    memcpy(out, text, body);
    out[body] = charge > 0.0 ? '+' : '-';
    memcpy(out + body + sign, mark, n_mark + 1);
    return true;
}

bool sei_component_canonical(const char *text, size_t len, char *out, size_t size)
{
    if (len >= size)
        return false;
    size_t n = 0;
    for (size_t i = 0; i < len; i++)
        if (!(text[i] == '+' && i > 0 && text[i - 1] == '('))
            out[n++] = text[i];
    out[n] = '\0';
    return true;
}

/* --- look-up --------------------------------------------------------------------------------------- */

static uint32_t hash_text(const char *text) /* FNV-1a */
{
    uint32_t h = 2166136261u;

    for (; *text; text++)
        h = (h ^ (unsigned char)*text) * 16777619u;
    return h;
}

static const char *key_of(const sei_db *db, sei_db_kind kind, size_t k)
{
    switch (kind) {
    case SEI_DB_ELEMENT: return db->elements[k].name;
    case SEI_DB_SPECIES: return db->species[k].name;
    case SEI_DB_PHASE: return db->phases[k].key;
    default: return db->masters[k].name;
    }
}

size_t sei_db_lookup(const sei_db *db, sei_db_kind kind, const char *key)
{
    const sei_db_index *index = &db->index[kind];

    if (index->size == 0)
        return SIZE_MAX;
    const size_t mask = index->size - 1;
    for (size_t i = hash_text(key) & mask; index->slot[i]; i = (i + 1) & mask)
        if (strcmp(key_of(db, kind, index->slot[i] - 1), key) == 0)
            return index->slot[i] - 1;
    return SIZE_MAX;
}

static void put(const sei_db *db, sei_db_kind kind, sei_db_index *index, size_t k)
{
    size_t i = hash_text(key_of(db, kind, k)) & (index->size - 1);

    while (index->slot[i])
        i = (i + 1) & (index->size - 1);
    index->slot[i] = (uint32_t)(k + 1);
}

sei_status sei_db_enter(sei_ctx *ctx, sei_db *db, sei_db_kind kind, size_t k)
{
    sei_db_index *index = &db->index[kind];

    if (2 * (k + 1) >= index->size) { /* items come in the order 0, 1, 2, … */
        sei_db_index larger = {NULL, index->size ? 2 * index->size : 256};
        larger.slot         = sei_alloc(ctx, larger.size, sizeof *larger.slot);
        if (!larger.slot)
            return SEI_E_NOMEM;
        for (size_t i = 0; i < k; i++)
            put(db, kind, &larger, i);
        sei_release(ctx, index->slot);
        *index = larger;
    }
    put(db, kind, index, k);
    return SEI_OK;
}

void sei_db_fold(const char *name, char *out, size_t size)
{
    size_t i = 0;

    for (; name[i] && i + 1 < size; i++)
        out[i] = name[i] >= 'A' && name[i] <= 'Z' ? (char)(name[i] - 'A' + 'a') : name[i];
    out[i] = '\0';
}

size_t sei_db_find_species(const sei_db *db, const char *name)
{
    char canonical[128];

    if (!sei_species_canonical(name, strlen(name), canonical, sizeof canonical))
        return SIZE_MAX;
    return sei_db_lookup(db, SEI_DB_SPECIES, canonical);
}

size_t sei_db_find_phase(const sei_db *db, const char *name)
{
    char key[128];

    sei_db_fold(name, key, sizeof key);
    return sei_db_lookup(db, SEI_DB_PHASE, key);
}

size_t sei_db_find_master(const sei_db *db, const char *name)
{
    char canonical[64];

    if (!sei_component_canonical(name, strlen(name), canonical, sizeof canonical))
        return SIZE_MAX;
    return sei_db_lookup(db, SEI_DB_MASTER, canonical);
}

double sei_db_atoms(const sei_db *db, size_t master)
{
    const sei_composition *c = &db->species[db->masters[master].species].composition;

    for (size_t i = 0; i < c->n; i++)
        if (c->terms[i].element == db->masters[master].element)
            return c->terms[i].count;
    return 1.0;
}

size_t sei_db_component_parts(const sei_db *db, const char *component, size_t ret_masters[])
{
    size_t      n  = 0;
    const char *at = component;

    for (;;) {
        char         name[64];
        const size_t len = strcspn(at, " ");
        if (n == SEI_COMPONENT_PARTS_MAX || len >= sizeof name)
            return 0;
        memcpy(name, at, len);
        name[len]      = '\0';
        ret_masters[n] = sei_db_find_master(db, name);
        if (ret_masters[n++] == SIZE_MAX)
            return 0;
        if (at[len] == '\0')
            break;
        at += len + 1;
    }
    for (size_t k = 0; n > 1 && k < n; k++) {
        const sei_master *row = &db->masters[ret_masters[k]];
        if (!row->is_valence || row->element != db->masters[ret_masters[0]].element)
            return 0;
    }
    return n;
}

size_t sei_db_component_master(const sei_db *db, const char *component)
{
    size_t masters[SEI_COMPONENT_PARTS_MAX];

    return sei_db_component_parts(db, component, masters) ? masters[0] : SIZE_MAX;
}

size_t sei_db_find_element(const sei_db *db, const char *name)
{
    return sei_db_lookup(db, SEI_DB_ELEMENT, name);
}

double sei_logk_at(const sei_logk *logk, double temp_k)
{
    const double *c = logk->c;

    return c[0] + c[1] * temp_k + c[2] / temp_k + c[3] * log10(temp_k) + c[4] / (temp_k * temp_k) +
           c[5] * temp_k * temp_k;
}

void sei_db_free(sei_db *db)
{
    if (!db)
        return;
    sei_ctx *ctx = db->arena.ctx;
    sei_release(ctx, db->elements);
    sei_release(ctx, db->species);
    sei_release(ctx, db->phases);
    sei_release(ctx, db->masters);
    sei_release(ctx, db->gas_pairs);
    sei_release(ctx, db->interactions);
    sei_release(ctx, db->named);
    for (size_t kind = 0; kind < SEI_DB_KINDS; kind++)
        sei_release(ctx, db->index[kind].slot);
    sei_arena_done(&db->arena);
    sei_release(ctx, db);
}

const char *sei_db_name(const sei_db *db)
{
    return db->name;
}

const char *sei_db_sha256(const sei_db *db)
{
    return db->sha256;
}

size_t sei_db_n_species(const sei_db *db)
{
    return db->n_species;
}

size_t sei_db_n_phases(const sei_db *db)
{
    return db->n_phases;
}

bool sei_db_has_phase(const sei_db *db, const char *phase)
{
    return sei_db_find_phase(db, phase) != SIZE_MAX;
}

bool sei_db_has_component(const sei_db *db, const char *component)
{
    return sei_db_component_master(db, component) != SIZE_MAX;
}

double sei_db_component_g_mol(const sei_db *db, const char *component)
{
    const size_t m = sei_db_component_master(db, component);

    if (m == SIZE_MAX)
        return 0.0;
    if (db->masters[m].g_mol > 0.0)
        return db->masters[m].g_mol;
    return db->elements[db->masters[m].element].g_mol;
}

double sei_db_formula_g_mol(const sei_db *db, const char *formula)
{
    sei_formula f;
    double      mass = 0.0;

    if (!sei_formula_parse(formula, strlen(formula), &f))
        return 0.0;
    for (size_t i = 0; i < f.n; i++) {
        const size_t e = sei_db_find_element(db, f.parts[i].symbol);
        if (e == SIZE_MAX)
            return 0.0;
        mass += f.parts[i].count * db->elements[e].g_mol;
    }
    return mass;
}

bool sei_db_shift_log_k(sei_db *db, const char *name, double delta)
{
    const size_t phase   = sei_db_find_phase(db, name);
    const size_t species = phase == SIZE_MAX ? sei_db_find_species(db, name) : SIZE_MAX;

    if (phase != SIZE_MAX)
        db->phases[phase].dissolution.logk.c[0] += delta;
    else if (species != SIZE_MAX && !db->species[species].is_identity)
        db->species[species].formation.logk.c[0] += delta;
    else
        return false;
    return true;
}
