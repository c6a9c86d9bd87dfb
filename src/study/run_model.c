/* run_model.c - components, solids and rate laws of a site's model */
#include <stdio.h>
#include <string.h>

#include "chem/db.h"
#include "chem/equation.h"
#include "plant/additive.h"
#include "plant/unit_type.h"
#include "study/run.h"

enum { NAMES_MAX = 160, NAME_BYTES = 48 };

typedef struct {
    char   text[NAMES_MAX][NAME_BYTES];
    size_t n;
} name_list;

/* Quantities of the influent and the components they stand for. Without redox coupling a whole
 * element is its most common valence in mine water: Cu(II), Mn(II), As(V). */
static const struct {
    const char *quantity, *component;
} components[] = {
    {"al", "Al"},       {"as", "As"},    {"ca", "Ca"},      {"cd", "Cd"},     {"cl", "Cl"},
    {"cu", "Cu"},       {"do", "O(0)"},  {"f", "F"},        {"fe2", "Fe(2)"}, {"fe3", "Fe(3)"},
    {"h2s", "S(-2)"},   {"k", "K"},      {"mg", "Mg"},      {"mn", "Mn"},     {"na", "Na"},
    {"nh4_n", "N(-3)"}, {"no3", "N(5)"}, {"no3_n", "N(5)"}, {"p", "P"},       {"pb", "Pb"},
    {"po4_p", "P"},     {"s2", "S(-2)"}, {"si", "Si"},      {"sio2", "Si"},   {"so4", "S(6)"},
    {"zn", "Zn"},
};

/* What the reactions of passive treatment need whatever the influent's analysis holds. */
static const char *const always[] = {"Fe(2)", "Fe(3)", "S(6)", "S(-2)",
                                     "C(4)",  "O(0)",  "Ca",   "Acetate"};

/* And what the media bring when their nutrients are reckoned. */
static const char *const nutrients[] = {"N(-3)", "N(5)", "P"};

const char *sei_run_component_of(const char *quantity_key)
{
    for (size_t i = 0; i < sizeof components / sizeof components[0]; i++)
        if (strcmp(components[i].quantity, quantity_key) == 0)
            return components[i].component;
    return NULL;
}

static sei_status add_name(sei_ctx *ctx, name_list *list, const char *name, size_t len)
{
    for (size_t i = 0; i < list->n; i++)
        if (strlen(list->text[i]) == len && memcmp(list->text[i], name, len) == 0)
            return SEI_OK;
    if (list->n >= NAMES_MAX || len >= NAME_BYTES)
        return sei_fail(ctx, SEI_E_TOO_LARGE, NULL, "more than %d components or solids",
                        (int)NAMES_MAX);
    snprintf(list->text[list->n++], NAME_BYTES, "%.*s", (int)len, name);
    return SEI_OK;
}

static sei_status add_text(sei_ctx *ctx, name_list *list, const char *name)
{
    return add_name(ctx, list, name, strlen(name));
}

static sei_status add_known(sei_ctx *ctx, const sei_db *db, const char *const names[], size_t n,
                            name_list *list)
{
    sei_status st = SEI_OK;

    for (size_t i = 0; i < n && st == SEI_OK; i++)
        if (sei_db_has_component(db, names[i]))
            st = add_text(ctx, list, names[i]);
    return st;
}

static sei_status choose_components(sei_ctx *ctx, const sei_site *site, const sei_db *db,
                                    name_list *list)
{
    sei_status st = SEI_OK;

    if (site->model.n_components > 0) {
        for (size_t i = 0; i < site->model.n_components && st == SEI_OK; i++)
            st = add_text(ctx, list, site->model.components[i]);
        return st;
    }
    st = add_known(ctx, db, always, SEI_COUNT(always), list);
    if (st == SEI_OK && site->model.nutrients)
        st = add_known(ctx, db, nutrients, SEI_COUNT(nutrients), list);
    for (size_t i = 0; i < site->influent.n_rows && st == SEI_OK; i++) {
        const char *c = sei_run_component_of(site->influent.rows[i].column.quantity->key);
        if (c && !sei_db_has_component(db, c))
            sei_warn(ctx, &site->influent.rows[i].where, "database %s has no %s: it is left out",
                     sei_db_name(db), c);
        else if (c)
            st = add_text(ctx, list, c);
    }
    const char *balance =
        site->influent.balance ? sei_run_component_of(site->influent.balance->key) : NULL;
    if (balance && st == SEI_OK)
        st = add_text(ctx, list, balance);
    return st;
}

/* What the reagents of the train bring into solution, whether or not the raw water has it. */
static sei_status add_reagents(sei_ctx *ctx, const sei_site *site, const sei_db *db,
                               name_list *comps, name_list *solids)
{
    sei_status st = SEI_OK;

    for (size_t u = 0; u < site->n_units && st == SEI_OK; u++) {
        const sei_reagent_row *row = sei_unit_additive(&site->units[u]);
        if (!row)
            continue; /* an unknown one is named when the plant is built */
        for (size_t i = 0; i < SEI_REAGENT_COMPONENTS && row->components[i] && st == SEI_OK; i++)
            if (site->model.n_components == 0 && sei_db_has_component(db, row->components[i]))
                st = add_text(ctx, comps, row->components[i]);
        if (st == SEI_OK && row->solid && sei_db_has_phase(db, row->solid))
            st = add_text(ctx, solids, row->solid);
    }
    return st;
}

static bool is_nutrient(const char *name)
{
    const char *tail = strrchr(name, '_');

    return tail && (strcmp(tail, "_n") == 0 || strcmp(tail, "_p") == 0);
}

/* Pools that are no phases; what is sorbed ("Zn_hfo") only when the model has the metal. */
static bool is_pool(const char *name, const name_list *have)
{
    const char *tail = strchr(name, '_');

    if (!sei_model_pool_formula(name) || !tail || is_nutrient(name))
        return sei_model_pool_formula(name) != NULL;
    for (size_t i = 0; i < have->n; i++)
        if (strlen(have->text[i]) == (size_t)(tail - name) &&
            memcmp(have->text[i], name, (size_t)(tail - name)) == 0)
            return true;
    return false;
}

/* Solids that a law's reaction names: phases that are no gases, and the organic pools. */
static sei_status add_law_solids(sei_ctx *ctx, const sei_db *db, const sei_rate_law *law,
                                 const name_list *have, name_list *list)
{
    sei_equation eq;
    sei_slice    bad;
    sei_status   st = SEI_OK;

    if (!sei_equation_parse(sei_slice_of(law->reaction), &eq, &bad))
        return sei_fail(ctx, SEI_E_PARSE, NULL, "rate law %s: \"%s\" is no reaction", law->key,
                        law->reaction);
    for (size_t i = 0; i < eq.n && st == SEI_OK; i++) {
        char         name[NAME_BYTES];
        const size_t len = eq.terms[i].name.len;
        if (len >= sizeof name)
            continue;
        snprintf(name, sizeof name, "%.*s", (int)len, eq.terms[i].name.at);
        const bool gas = len > 3 && strcmp(name + len - 3, "(g)") == 0;
        if (is_pool(name, have) || (!gas && sei_db_has_phase(db, name)))
            st = add_name(ctx, list, name, len);
    }
    return st;
}

static bool is_wanted(const sei_site *site, const sei_rate_law *law)
{
    return (site->model.nutrients || !sei_is_nutrient_law(law->key)) &&
           sei_units_want_law(site->n_units, site->units, law->key);
}

static sei_status choose_solids(sei_ctx *ctx, const sei_site *site, const sei_db *db,
                                const name_list *have, name_list *list)
{
    sei_status st = SEI_OK;

    for (size_t i = 0; i < site->model.n_solids && st == SEI_OK; i++)
        st = add_text(ctx, list, site->model.solids[i]);
    for (size_t i = 0; site->model.n_solids == 0 && i < sei_rate_count() && st == SEI_OK; i++)
        if (is_wanted(site, sei_rate_at(i)))
            st = add_law_solids(ctx, db, sei_rate_at(i), have, list);
    return st;
}

static void pointers(const name_list *list, const char *ret[])
{
    for (size_t i = 0; i < list->n; i++)
        ret[i] = list->text[i];
}

/* What the site changes of a law holds for the laws that follow it. */
static void lead(const sei_run_model *m, const sei_rate_override *o)
{
    for (size_t l = 0; l < sei_model_n_laws(m->model); l++) {
        const sei_rate_law *law = sei_model_law(m->model, l);
        const size_t        i   = sei_rate_follower_param(law, o->law, o->param);
        if (i < law->n_params)
            m->law_params[sei_model_param_offset(m->model, l) + i] = o->value;
    }
}

static void set_law_params(const sei_site *site, sei_run_model *m)
{
    for (size_t l = 0; l < sei_model_n_laws(m->model); l++)
        sei_rate_defaults(sei_model_law(m->model, l),
                          m->law_params + sei_model_param_offset(m->model, l));
    for (size_t i = 0; i < site->model.n_rates; i++)
        lead(m, &site->model.rates[i]);
    for (size_t i = 0; i < site->model.n_rates; i++) {
        const sei_rate_override *o = &site->model.rates[i];
        const size_t             l = sei_model_find_law(m->model, o->law->key);
        if (l < sei_model_n_laws(m->model))
            m->law_params[sei_model_param_offset(m->model, l) + o->param] = o->value;
    }
}

static sei_status change_log_k(sei_ctx *ctx, const sei_site *site, sei_db *db)
{
    sei_status st = SEI_OK;

    for (size_t i = 0; i < site->model.n_log_k && st == SEI_OK; i++) {
        const sei_log_k_change *c = &site->model.log_k[i];
        if (!sei_db_shift_log_k(db, c->name, c->delta))
            st = sei_fail(ctx, SEI_E_NOT_FOUND, &c->where,
                          "model.log_k: database %s has no species or phase \"%s\"",
                          sei_db_name(db), c->name);
    }
    return st;
}

sei_status sei_run_model_create(sei_ctx *ctx, const sei_site *site, sei_run_model *ret)
{
    name_list           comps = {.n = 0}, solids = {.n = 0};
    const char         *comp_names[NAMES_MAX], *solid_names[NAMES_MAX];
    const sei_rate_law *laws[NAMES_MAX];
    size_t              n_laws = 0;
    sei_run_model       m      = {0};
    sei_status          st     = sei_db_read(ctx, site->model.database, &m.db);

    if (st == SEI_OK)
        st = change_log_k(ctx, site, m.db);
    if (st == SEI_OK)
        st = choose_components(ctx, site, m.db, &comps);
    if (st == SEI_OK)
        st = choose_solids(ctx, site, m.db, &comps, &solids);
    if (st == SEI_OK)
        st = add_reagents(ctx, site, m.db, &comps, &solids);
    if (st == SEI_OK && sei_rate_count() > NAMES_MAX)
        st = sei_fail(ctx, SEI_E_TOO_LARGE, NULL, "more than %d rate laws", (int)NAMES_MAX);
    if (st == SEI_OK) {
        pointers(&comps, comp_names);
        pointers(&solids, solid_names);
        for (size_t i = 0; i < sei_rate_count(); i++)
            if (is_wanted(site, sei_rate_at(i)))
                laws[n_laws++] = sei_rate_at(i);
        const sei_model_spec spec = {.db            = m.db,
                                     .n_components  = comps.n,
                                     .components    = comp_names,
                                     .n_solids      = solids.n,
                                     .solids        = solid_names,
                                     .n_laws        = n_laws,
                                     .laws          = laws,
                                     .has_nutrients = site->model.nutrients};
        st                        = sei_model_create(ctx, &spec, &m.model);
    }
    if (st == SEI_OK) {
        m.law_params = sei_alloc(ctx, sei_model_n_params(m.model), sizeof *m.law_params);
        st           = m.law_params ? SEI_OK : SEI_E_NOMEM;
    }
    if (st != SEI_OK) {
        sei_run_model_done(ctx, &m);
        return st;
    }
    set_law_params(site, &m);
    *ret = m;
    return SEI_OK;
}

void sei_run_model_done(sei_ctx *ctx, sei_run_model *model)
{
    sei_release(ctx, model->law_params);
    sei_model_free(model->model);
    sei_db_free(model->db);
    *model = (sei_run_model){0};
}
