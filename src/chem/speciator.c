/* speciator.c - analyses in, solutions out; networks are compiled once for each set of components */
#include <math.h>
#include <string.h>

#include "base/constants.h"
#include "chem/analysis.h"
#include "chem/equil.h"

#define LN10 2.302585092994045684

enum { CACHE = 16 }; /* networks kept; the oldest goes */

typedef struct {
    char       key[SEI_ANALYTES_MAX * 24]; /* names of the components, each ended by a newline */
    sei_net   *net;
    sei_equil *eq;
    uint64_t   used;
} entry;

struct sei_speciator {
    sei_ctx      *ctx;
    const sei_db *db;
    entry         entries[CACHE];
    uint64_t      clock;
    entry        *now; /* that holds the last solution; NULL when there is none */
    double        pe, temp_c;
};

sei_status sei_speciator_create(sei_ctx *ctx, const sei_db *db, sei_speciator **ret_speciator)
{
    sei_speciator *s = sei_alloc(ctx, 1, sizeof *s);

    if (!s)
        return SEI_E_NOMEM;
    s->ctx         = ctx;
    s->db          = db;
    *ret_speciator = s;
    return SEI_OK;
}

static void drop(entry *e)
{
    sei_equil_free(e->eq);
    sei_net_free(e->net);
    memset(e, 0, sizeof *e);
}

void sei_speciator_free(sei_speciator *s)
{
    if (!s)
        return;
    for (size_t i = 0; i < CACHE; i++)
        drop(&s->entries[i]);
    sei_release(s->ctx, s);
}

/* --- the problem of one analysis -------------------------------------------------------------------- */

typedef struct {
    size_t      n; /* components without H */
    const char *component[SEI_COMPONENTS_MAX];
    double      total[SEI_COMPONENTS_MAX];
    bool        has_alk, has_carbon;
    double      alk;
    sei_water   water;
} setup;

/* What a total that only the charge or the alkalinity sets starts from, mol/kgw. */
static const double unset_total = 1e-6;

static bool is_alkalinity(const char *component)
{
    return strcmp(component, "Alkalinity") == 0;
}

static bool is_carbon(const char *component)
{
    return strcmp(component, "C") == 0 || strcmp(component, "C(4)") == 0 || strcmp(component, "C(+4)") == 0;
}

static void add_component(setup *p, const char *component, double total)
{
    p->component[p->n] = component;
    p->total[p->n++]   = total;
}

static size_t find_component(const setup *p, const char *component)
{
    char wanted[64], given[64];

    if (!sei_component_canonical(component, strlen(component), wanted, sizeof wanted))
        return SIZE_MAX;
    for (size_t j = 0; j < p->n; j++)
        if (sei_component_canonical(p->component[j], strlen(p->component[j]), given, sizeof given) &&
            strcmp(wanted, given) == 0)
            return j;
    return SIZE_MAX;
}

static void collect(const sei_analysis *a, const double molal[], setup *p)
{
    for (size_t i = 0; i < a->n; i++) {
        if (is_alkalinity(a->analytes[i].component)) {
            p->has_alk = true;
            p->alk     = molal[i];
            continue;
        }
        p->has_carbon = p->has_carbon || is_carbon(a->analytes[i].component);
        add_component(p, a->analytes[i].component, molal[i]);
    }
}

/* Alkalinity stands for C(4), or for the pH when C(4) is given too. */
static sei_status apply_alkalinity(sei_ctx *ctx, const sei_analysis *a, const sei_db *db, setup *p)
{
    if (!p->has_alk)
        return SEI_OK;
    if (a->balance && (p->has_carbon ? strcmp(a->balance, "pH") == 0 : is_carbon(a->balance)))
        return sei_fail(ctx, SEI_E_ARG, NULL,
                        "the charge cannot be balanced on %s: alkalinity sets it already", a->balance);
    p->water.alk_eq_kgw = p->alk;
    if (p->has_carbon) {
        p->water.alk_component = p->n; /* H */
        p->water.fix_ph        = false;
        return SEI_OK;
    }
    p->water.alk_component = p->n;
    add_component(p, sei_db_has_component(db, "C(4)") ? "C(4)" : "C", unset_total);
    return SEI_OK;
}

static sei_status apply_balance(sei_ctx *ctx, const sei_analysis *a, const sei_db *db, setup *p)
{
    if (!a->balance)
        return SEI_OK;
    if (strcmp(a->balance, "pH") == 0) {
        p->water.fix_ph  = false;
        p->water.balance = p->n;
        return SEI_OK;
    }
    if (!sei_db_has_component(db, a->balance))
        return sei_fail(ctx, SEI_E_NOT_FOUND, NULL,
                        "the charge cannot be balanced on \"%s\": it is neither pH nor a component of %s",
                        a->balance, sei_db_name(db));
    p->water.balance = find_component(p, a->balance);
    if (p->water.balance != SIZE_MAX)
        return SEI_OK;
    p->water.balance = p->n;
    add_component(p, a->balance, unset_total);
    if (p->water.alk_component == p->n - 1 && !p->water.fix_ph)
        p->water.alk_component = p->n; /* H has moved on */
    return SEI_OK;
}

static sei_status set_up(sei_ctx *ctx, const sei_db *db, const sei_analysis *a, setup *p)
{
    double     molal[SEI_ANALYTES_MAX];
    sei_status st = sei_analysis_molalities(ctx, db, a, molal);

    if (st != SEI_OK)
        return st;
    memset(p, 0, sizeof *p);
    p->water = (sei_water){.temp_k        = a->temp_c + SEI_ZERO_CELSIUS,
                           .fix_ph        = true,
                           .ph            = a->ph,
                           .pe            = a->pe,
                           .balance       = SIZE_MAX,
                           .alk_component = SIZE_MAX};
    collect(a, molal, p);
    st = apply_alkalinity(ctx, a, db, p);
    if (st == SEI_OK)
        st = apply_balance(ctx, a, db, p);
    p->water.total = p->total;
    return st;
}

/* --- networks ---------------------------------------------------------------------------------------- */

static bool make_key(const setup *p, char *out, size_t size)
{
    size_t at = 0;

    for (size_t j = 0; j < p->n; j++) {
        const size_t len = strlen(p->component[j]);
        if (at + len + 2 > size)
            return false;
        memcpy(out + at, p->component[j], len);
        at += len;
        out[at++] = '\n';
    }
    out[at] = '\0';
    return true;
}

static entry *oldest(sei_speciator *s)
{
    entry *e = &s->entries[0];

    for (size_t i = 1; i < CACHE; i++)
        if (s->entries[i].used < e->used)
            e = &s->entries[i];
    return e;
}

static sei_status find_network(sei_speciator *s, const setup *p, entry **ret_entry)
{
    char key[sizeof s->entries[0].key];

    if (!make_key(p, key, sizeof key))
        return sei_fail(s->ctx, SEI_E_TOO_LARGE, NULL, "names of the components are too long");
    s->clock++;
    for (size_t i = 0; i < CACHE; i++) {
        if (!s->entries[i].eq || strcmp(s->entries[i].key, key) != 0)
            continue;
        s->entries[i].used = s->clock;
        *ret_entry         = &s->entries[i];
        return SEI_OK;
    }
    const sei_net_spec spec = {.n_components = p->n, .components = p->component, .with_electron = true};
    entry             *e    = oldest(s);
    drop(e);
    sei_status st = sei_net_create(s->ctx, s->db, &spec, &e->net);
    if (st == SEI_OK)
        st = sei_equil_create(s->ctx, e->net, &e->eq);
    if (st != SEI_OK) {
        drop(e);
        return st;
    }
    memcpy(e->key, key, sizeof key);
    e->used    = s->clock;
    *ret_entry = e;
    return SEI_OK;
}

sei_status sei_speciator_solve(sei_speciator *s, const sei_analysis *a, size_t n_phases,
                               const sei_equilibrium *phases)
{
    setup  p;
    entry *e = NULL;

    s->now        = NULL;
    sei_status st = set_up(s->ctx, s->db, a, &p);
    if (st == SEI_OK)
        st = find_network(s, &p, &e);
    if (st == SEI_OK)
        st = sei_equil_solve(s->ctx, e->eq, &p.water, NULL);
    if (st != SEI_OK)
        return st;
    (void)n_phases;
    (void)phases;
    s->now    = e;
    s->pe     = a->pe;
    s->temp_c = a->temp_c;
    return SEI_OK;
}

/* --- results ----------------------------------------------------------------------------------------- */

/* Elements O and H: by composition, water included. */
static double total_by_composition(const sei_equil *eq, size_t element)
{
    const sei_db *db  = eq->net->db;
    double        sum = 0.0;

    for (size_t i = 0; i <= eq->net->n_species; i++) {
        const bool             is_water = i == eq->net->n_species;
        const sei_species     *sp = &db->species[is_water ? db->water : eq->net->db_index[i]];
        const double           m  = is_water ? 1e3 / sp->g_mol : eq->m[i];
        for (size_t k = 0; k < sp->composition.n; k++)
            if (sp->composition.terms[k].element == element)
                sum += sp->composition.terms[k].count * m;
    }
    return sum;
}

static double total_of(const sei_equil *eq, const sei_word *word)
{
    const sei_db     *db  = eq->net->db;
    const sei_counts *c   = &eq->net->counts;
    double            sum = 0.0;

    if (word->whole && (word->index == db->species[db->h_plus].composition.terms[0].element ||
                        strcmp(db->elements[word->index].name, "O") == 0))
        return total_by_composition(eq, word->index);
    for (size_t i = 0; i < eq->net->n_species; i++)
        for (uint32_t k = c->ptr[i]; k < c->ptr[i + 1]; k++)
            if (word->whole ? db->masters[c->master[k]].element == word->index : c->master[k] == word->index)
                sum += c->count[k] * eq->m[i];
    return sum;
}

static bool log_activity(const sei_equil *eq, size_t db_species, double *ret_value)
{
    const size_t i = sei_net_species_of_db(eq->net, db_species);

    if (db_species == eq->net->db->water)
        *ret_value = eq->ln_aw / LN10;
    else if (db_species == eq->net->db->e_minus)
        *ret_value = eq->ln_ae / LN10;
    else if (i != SIZE_MAX)
        *ret_value = (log(eq->m[i]) + eq->lng[i]) / LN10;
    else
        return false;
    return true;
}

static bool saturation_index(const sei_equil *eq, size_t db_phase, double *ret_value)
{
    for (size_t p = 0; p < eq->net->n_phases; p++) {
        if (eq->net->phases[p].index != db_phase)
            continue;
        *ret_value = sei_equil_si(eq, p);
        return true;
    }
    return false;
}

static double molality(const sei_equil *eq, size_t db_species)
{
    const size_t i = sei_net_species_of_db(eq->net, db_species);

    if (db_species == eq->net->db->water)
        return 1e3 / eq->net->db->species[db_species].g_mol;
    return i == SIZE_MAX ? 0.0 : eq->m[i];
}

static bool named_value(const sei_equil *eq, const sei_word *word, double *ret_value)
{
    switch (word->kind) {
    case SEI_WORD_M: *ret_value = molality(eq, word->index); return true;
    case SEI_WORD_LA: return log_activity(eq, word->index, ret_value);
    case SEI_WORD_TOT: *ret_value = total_of(eq, word); return true;
    case SEI_WORD_SI: return saturation_index(eq, word->index, ret_value);
    default: return false;
    }
}

bool sei_speciator_value(const sei_speciator *s, const sei_word *word, double *ret_value)
{
    if (!s->now || !word->is_known)
        return false;
    const sei_equil *eq = s->now->eq;
    switch (word->kind) {
    case SEI_WORD_PH: *ret_value = -eq->x[eq->net->n_comp - 1] / LN10; return true;
    case SEI_WORD_PE: *ret_value = s->pe; return true;
    case SEI_WORD_MU: *ret_value = eq->mu; return true;
    case SEI_WORD_CHARGE: *ret_value = eq->charge; return true;
    case SEI_WORD_ALK: *ret_value = eq->alk; return true;
    case SEI_WORD_AW: *ret_value = exp(eq->ln_aw); return true;
    case SEI_WORD_TEMP: *ret_value = s->temp_c; return true;
    default: return named_value(eq, word, ret_value);
    }
}
