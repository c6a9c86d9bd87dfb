/* batch_word.c - words compiled for a network, answered for eight waters at once */
#include "chem/batch_word.h"

#include <math.h>
#include <string.h>

#include "base/constants.h"
#include "num/log.h"

#define LN10 2.302585092994045684

/* --- compiling ------------------------------------------------------------------------------------- */

/* What one mole of species i counts in the word's sum. */
static double weight_of(const sei_net *net, const sei_word *word, size_t i)
{
    const sei_counts      *c   = &net->counts;
    const sei_composition *of  = &net->db->species[net->db_index[i]].composition;
    double                 sum = 0.0;

    if (word->kind == SEI_WORD_CHARGE)
        return net->charge[i];
    if (word->kind == SEI_WORD_ALK)
        return net->alk[i];
    const char *element = word->whole ? net->db->elements[word->index].name : "";
    if (strcmp(element, "H") == 0 || strcmp(element, "O") == 0) {
        for (size_t k = 0; k < of->n; k++)
            if (of->terms[k].element == word->index)
                sum += of->terms[k].count;
        return sum;
    }
    for (uint32_t k = c->ptr[i]; k < c->ptr[i + 1]; k++)
        if (word->whole ? net->db->masters[c->master[k]].element == word->index
                        : c->master[k] == word->index)
            sum += c->count[k];
    return sum;
}

/* Water itself counts among H and O. */
static double of_water(const sei_net *net, const sei_word *word)
{
    const sei_species *water = &net->db->species[net->db->water];
    double             sum   = 0.0;

    for (size_t k = 0; word->kind == SEI_WORD_TOT && word->whole && k < water->composition.n; k++)
        if (water->composition.terms[k].element == word->index)
            sum += water->composition.terms[k].count * 1e3 / water->g_mol;
    return sum;
}

static sei_status compile_sum(sei_arena *arena, const sei_net *net, const sei_word *word,
                              sei_batch_word *w)
{
    w->species = sei_arena_alloc(arena, net->n_species + 1, sizeof *w->species);
    w->weight  = sei_arena_alloc(arena, net->n_species + 1, sizeof *w->weight);
    if (!w->species || !w->weight)
        return SEI_E_NOMEM;
    w->constant = word->is_known ? of_water(net, word) : 0.0;
    for (size_t i = 0; i < net->n_species && word->is_known; i++) {
        const double weight = weight_of(net, word, i);
        if (weight == 0.0)
            continue;
        w->species[w->n]  = (uint16_t)i;
        w->weight[w->n++] = weight;
    }
    return SEI_OK;
}

/* m() of what is not there is 0; la() and SI() of it have no value. */
static bool compile_named(const sei_net *net, const sei_word *word, sei_batch_word *w)
{
    w->is_water    = word->is_known && word->kind != SEI_WORD_SI && word->index == net->db->water;
    w->is_electron = word->is_known && word->kind == SEI_WORD_LA && word->index == net->db->e_minus;
    w->index       = SIZE_MAX;
    if (!word->is_known)
        return word->kind == SEI_WORD_M;
    if (word->kind != SEI_WORD_SI) {
        w->index = sei_net_species_of_db(net, word->index);
        return word->kind == SEI_WORD_M || w->is_water || w->is_electron || w->index != SIZE_MAX;
    }
    for (size_t p = 0; p < net->n_phases; p++)
        if (net->phases[p].index == word->index)
            w->index = p;
    return w->index != SIZE_MAX;
}

sei_status sei_batch_word_compile(sei_ctx *ctx, sei_arena *arena, const sei_net *net,
                                  const char *text, sei_batch_word *ret_word)
{
    sei_word       word;
    sei_batch_word w  = {0};
    sei_status     st = sei_word_parse(ctx, net->db, text, strlen(text), &word);

    if (st != SEI_OK)
        return st;
    w.kind = word.kind;
    switch (word.kind) {
    case SEI_WORD_N:
        return sei_fail(ctx, SEI_E_UNSUPPORTED, NULL, "%s: a batch holds no phases", text);
    case SEI_WORD_CHARGE:
    case SEI_WORD_ALK: word.is_known = true; /* fall through */
    case SEI_WORD_TOT: st = compile_sum(arena, net, &word, &w); break;
    case SEI_WORD_M:
    case SEI_WORD_LA:
    case SEI_WORD_SI:
        if (!compile_named(net, &word, &w))
            return sei_fail(ctx, SEI_E_NOT_FOUND, NULL,
                            "%s has no value in waters of these components", text);
        break;
    default: break;
    }
    if (st == SEI_OK)
        *ret_word = w;
    return st;
}

/* --- values ---------------------------------------------------------------------------------------- */

static void saturation_index(const sei_batch_word *word, const sei_lanes *w, sei_v8 *ret)
{
    const sei_net_phase *p   = &w->plan->net->phases[word->index];
    sei_v8               sum = {0};

    for (size_t t = 0; t < SEI_LOGK_TERMS; t++)
        sum += p->logk.c[t] * w->basis[t];
    sum = LN10 * sum + p->nu_e * w->scalar[SEI_LANE_LN_AE] + p->nu_w * w->scalar[SEI_LANE_LN_AW];
    for (size_t j = 0; j < w->plan->net->n_comp; j++)
        if (p->nu[j] != 0.0)
            sum += p->nu[j] * w->x[j];
    *ret = sum / LN10;
}

static void log_activity(const sei_batch_word *word, const sei_lanes *w, sei_v8 *ret)
{
    if (word->is_water)
        *ret = w->scalar[SEI_LANE_LN_AW] / LN10;
    else if (word->is_electron)
        *ret = w->scalar[SEI_LANE_LN_AE] / LN10;
    else {
        sei_v8 ln = w->m[word->index];
        sei_v8_log(&ln);
        *ret = (ln + w->lng[w->plan->net->classes.of_species[word->index]]) / LN10;
    }
}

static void molality(const sei_batch_word *word, const sei_lanes *w, sei_v8 *ret)
{
    const sei_db *db = w->plan->net->db;

    *ret = (sei_v8){0};
    if (word->is_water)
        *ret += 1e3 / db->species[db->water].g_mol;
    else if (word->index != SIZE_MAX)
        *ret = w->m[word->index];
}

static void sum_of(const sei_batch_word *word, const sei_lanes *w, sei_v8 *ret)
{
    sei_v8 sum = (sei_v8){0} + word->constant;

    for (size_t k = 0; k < word->n; k++)
        sum += word->weight[k] * w->m[word->species[k]];
    *ret = sum;
}

void sei_batch_word_values(const sei_batch_word *word, const sei_lanes *w, double ret[SEI_V8])
{
    sei_v8 v = {0};

    switch (word->kind) {
    case SEI_WORD_PH: v = w->x[w->plan->net->n_comp - 1] / -LN10; break;
    case SEI_WORD_PE: v = w->scalar[SEI_LANE_LN_AE] / -LN10; break;
    case SEI_WORD_MU: v = w->scalar[SEI_LANE_MU]; break;
    case SEI_WORD_AW:
        for (size_t l = 0; l < SEI_V8; l++)
            v[l] = exp(w->scalar[SEI_LANE_LN_AW][l]);
        break;
    case SEI_WORD_TEMP:
        for (size_t l = 0; l < SEI_V8; l++)
            v[l] = w->temp_k[l] - SEI_ZERO_CELSIUS;
        break;
    case SEI_WORD_M: molality(word, w, &v); break;
    case SEI_WORD_LA: log_activity(word, w, &v); break;
    case SEI_WORD_SI: saturation_index(word, w, &v); break;
    default: sum_of(word, w, &v); break;
    }
    memcpy(ret, &v, sizeof v);
}
