/* sorb.c - reader of exchange and surface blocks */
#include "react/sorb.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/logical.h"
#include "base/number.h"
#include "base/text.h"
#include "chem/dbread.h"
#include "chem/equation.h"
#include "chem/formula.h"

#define R_KJ    8.31470e-3 /* as PHREEQC has it */
#define LN10    2.302585092994045684
#define T_REF_K 298.15

typedef enum { OTHER, MASTER_X, SPECIES_X, MASTER_S, SPECIES_S } block;

typedef struct {
    sei_ctx  *ctx;
    sei_sorb *sorb;
    sei_where where;
    block     block;
    size_t    species; /* being defined, SIZE_MAX for none */
    double    log_k, delta_h, analytic[SEI_LOGK_TERMS];
    sei_logk  added; /* -add_constant, -add_logk */
    bool      has_analytic;
    /* of sorbed species that the reaction starts from (Goe_uniOH2+0.5 + Cl-): what they bring to it */
    sei_logk base_logk;
    double   base_plane[3];
    bool     base_has_planes;
} reader;

sei_status sei_sorb_create(sei_ctx *ctx, sei_sorb **ret_sorb)
{
    sei_sorb *s = sei_alloc(ctx, 1, sizeof *s);

    if (!s)
        return SEI_E_NOMEM;
    sei_arena_init(&s->arena, ctx);
    *ret_sorb = s;
    return SEI_OK;
}

sei_status sei_sorb_copy(sei_ctx *ctx, const sei_sorb *base, sei_sorb **ret_sorb)
{
    sei_sorb  *s  = NULL;
    sei_status st = sei_sorb_create(ctx, &s);

    if (st != SEI_OK)
        return st;
    s->sites   = sei_alloc(ctx, base->n_sites + 1, sizeof *s->sites);
    s->species = sei_alloc(ctx, base->n_species + 1, sizeof *s->species);
    if (!s->sites || !s->species) {
        sei_sorb_free(s);
        return SEI_E_NOMEM;
    }
    s->n_sites     = base->n_sites;
    s->n_species   = base->n_species;
    s->cap_sites   = base->n_sites + 1;
    s->cap_species = base->n_species + 1;
    if (s->n_sites)
        memcpy(s->sites, base->sites, s->n_sites * sizeof *s->sites);
    if (s->n_species)
        memcpy(s->species, base->species, s->n_species * sizeof *s->species);
    *ret_sorb = s;
    return SEI_OK;
}

void sei_sorb_free(sei_sorb *sorb)
{
    if (!sorb)
        return;
    sei_ctx *ctx = sorb->arena.ctx;
    sei_release(ctx, sorb->sites);
    sei_release(ctx, sorb->species);
    sei_arena_done(&sorb->arena);
    sei_release(ctx, sorb);
}

size_t sei_sorb_find_site(const sei_sorb *sorb, const char *name)
{
    for (size_t i = 0; sorb && i < sorb->n_sites; i++)
        if (strcmp(sorb->sites[i].name, name) == 0)
            return i;
    return SIZE_MAX;
}

size_t sei_sorb_find_species(const sei_sorb *sorb, const char *name)
{
    char canonical[100];

    if (!sorb || !sei_species_canonical(name, strlen(name), canonical, sizeof canonical))
        return SIZE_MAX;
    for (size_t i = 0; i < sorb->n_species; i++)
        if (strcmp(sorb->species[i].name, canonical) == 0)
            return i;
    return SIZE_MAX;
}

static sei_status fail(reader *r, sei_status st, const char *what, sei_slice text)
{
    return sei_fail(r->ctx, st, &r->where, "%s: \"%.*s\"", what,
                    (int)(text.len < 100 ? text.len : 100), text.at);
}

static sei_status canonical(reader *r, sei_slice text, const char **ret_name)
{
    char name[100];

    if (!sei_species_canonical(text.at, text.len, name, sizeof name))
        return fail(r, SEI_E_TOO_LARGE, "the name of a species is too long", text);
    *ret_name = sei_arena_strdup(&r->sorb->arena, name);
    return *ret_name ? SEI_OK : SEI_E_NOMEM;
}

static sei_status room(reader *r, void **items, size_t n, size_t *cap, size_t size)
{
    if (n < *cap)
        return SEI_OK;
    if (n >= SEI_DB_ITEMS_MAX)
        return sei_fail(r->ctx, SEI_E_TOO_LARGE, &r->where, "more than %d items of one kind",
                        SEI_DB_ITEMS_MAX);
    const size_t more  = *cap ? 2 * *cap : 32;
    void        *grown = sei_resize(r->ctx, *items, more, size);
    if (!grown)
        return SEI_E_NOMEM;
    *items = grown;
    *cap   = more;
    return SEI_OK;
}

static sei_status read_master(reader *r, sei_slice line, bool surface)
{
    sei_slice     name, master;
    sei_sorb     *s    = r->sorb;
    sei_sorb_site site = {.is_surface = surface};
    double        charge;

    if (!sei_next_word(&line, &name) || !sei_next_word(&line, &master))
        return fail(r, SEI_E_PARSE, "a site needs its name and its master species", name);
    const sei_status named = canonical(r, master, &site.master);
    if (named != SEI_OK)
        return named;
    site.name = sei_arena_strndup(&s->arena, name.at, name.len);
    if (!site.name)
        return SEI_E_NOMEM;
    (void)sei_charge_split(site.master, strlen(site.master), &charge);
    site.charge = charge;
    size_t slot = sei_sorb_find_site(s, site.name);
    if (slot == SIZE_MAX) {
        const sei_status st =
            room(r, (void **)&s->sites, s->n_sites, &s->cap_sites, sizeof *s->sites);
        if (st != SEI_OK)
            return st;
        slot = s->n_sites++;
    }
    s->sites[slot] = site;
    return SEI_OK;
}

static size_t site_of_master(const reader *r, const char *species)
{
    for (size_t i = 0; i < r->sorb->n_sites; i++)
        if (strcmp(r->sorb->sites[i].master, species) == 0)
            return i;
    return SIZE_MAX;
}

static void close_species(reader *r)
{
    if (r->species == SIZE_MAX)
        return;
    sei_sorb_species *s = &r->sorb->species[r->species];
    memset(&s->logk, 0, sizeof s->logk);
    if (r->has_analytic)
        memcpy(s->logk.c, r->analytic, sizeof s->logk.c);
    else {
        const double b = r->delta_h / (R_KJ * LN10);
        s->logk.c[0]   = r->log_k + b / T_REF_K;
        s->logk.c[2]   = -b;
    }
    for (size_t t = 0; t < SEI_LOGK_TERMS; t++)
        s->logk.c[t] += r->base_logk.c[t] + r->added.c[t];
    for (size_t p = 0; p < 3; p++)
        s->plane[p] += r->base_plane[p];
    s->has_planes = s->has_planes || r->base_has_planes;
    r->species    = SIZE_MAX;
}

static sei_status add_term(reader *r, sei_sorb_species *s, const char *name, double coef,
                           sei_slice line)
{
    if (s->n_terms == SEI_SORB_TERMS)
        return fail(r, SEI_E_TOO_LARGE, "too many species in one reaction", line);
    s->term[s->n_terms]   = name;
    s->coef[s->n_terms++] = coef;
    return SEI_OK;
}

/* A sorbed species that was defined before is what forms it. */
static sei_status take_sorbed(reader *r, sei_sorb_species *s, const sei_sorb_species *base,
                              double coef, sei_slice line)
{
    sei_status st = SEI_OK;

    s->site = base->site;
    s->site_coef += coef * base->site_coef;
    for (size_t i = 0; i < base->n_terms && st == SEI_OK; i++)
        st = add_term(r, s, base->term[i], coef * base->coef[i], line);
    for (size_t t = 0; t < SEI_LOGK_TERMS; t++)
        r->base_logk.c[t] += coef * base->logk.c[t];
    for (size_t p = 0; p < 3; p++)
        r->base_plane[p] += coef * base->plane[p];
    r->base_has_planes = r->base_has_planes || base->has_planes;
    return st;
}

/* One species of a reaction: the site's master, another species of it, or a species of the water. */
static sei_status take_term(reader *r, sei_sorb_species *s, const char *name, double coef,
                            sei_slice line)
{
    const size_t site = site_of_master(r, name);

    if (site != SIZE_MAX && (s->site == SIZE_MAX || s->site == site)) {
        s->site = site;
        s->site_coef += coef;
        return SEI_OK;
    }
    const size_t other = sei_sorb_find_species(r->sorb, name);
    if (other != SIZE_MAX && (s->site == SIZE_MAX || s->site == r->sorb->species[other].site))
        return take_sorbed(r, s, &r->sorb->species[other], coef, line);
    return add_term(r, s, name, coef, line);
}

/* The first species on the right is defined by the others; one of them is the site's master. */
static sei_status define(reader *r, sei_slice line)
{
    sei_equation     eq;
    sei_slice        bad;
    sei_sorb_species s     = {.site = SIZE_MAX, .gamma = SEI_GAMMA_NEUTRAL};
    size_t           first = 0;

    if (!sei_equation_parse(line, &eq, &bad))
        return fail(r, SEI_E_PARSE, "not a reaction", bad);
    while (!eq.terms[first].right)
        first++;
    const sei_status named = canonical(r, eq.terms[first].name, &s.name);
    if (named != SEI_OK)
        return named;
    (void)sei_charge_split(s.name, strlen(s.name), &s.charge);
    memset(&r->base_logk, 0, sizeof r->base_logk);
    memset(r->base_plane, 0, sizeof r->base_plane);
    r->base_has_planes = false;
    for (size_t i = 0; i < eq.n; i++) {
        if (i == first)
            continue;
        const char  *name = NULL;
        const double coef =
            (eq.terms[i].right ? -1.0 : 1.0) * eq.terms[i].coef / eq.terms[first].coef;
        sei_status st = canonical(r, eq.terms[i].name, &name);
        if (st == SEI_OK)
            st = take_term(r, &s, name, coef, line);
        if (st != SEI_OK)
            return st;
    }
    if (s.site == SIZE_MAX)
        return fail(r, SEI_E_NOT_FOUND, "no site's master species in the reaction", line);
    s.is_identity = s.n_terms == 0 && strcmp(s.name, r->sorb->sites[s.site].master) == 0;
    size_t slot   = sei_sorb_find_species(r->sorb, s.name);
    if (slot == SIZE_MAX) {
        const sei_status st = room(r, (void **)&r->sorb->species, r->sorb->n_species,
                                   &r->sorb->cap_species, sizeof *r->sorb->species);
        if (st != SEI_OK)
            return st;
        slot = r->sorb->n_species++;
    }
    r->sorb->species[slot] = s;
    r->species             = slot;
    r->log_k = r->delta_h = 0.0;
    memset(&r->added, 0, sizeof r->added);
    r->has_analytic = false;
    return SEI_OK;
}

static size_t numbers(sei_slice rest, size_t max, double out[])
{
    sei_slice word;
    size_t    n = 0;

    while (n < max && sei_next_word(&rest, &word) && sei_parse_double(word.at, word.len, &out[n]))
        n++;
    return n;
}

typedef enum {
    LOG_K,
    ADDED, /* to log K at every temperature */
    DELTA_H,
    ANALYTIC,
    GAMMA,
    DAVIES,
    LLNL,
    BALANCE,
    PLANES,
    NAMED,  /* a constant of NAMED_EXPRESSIONS */
    PASSED, /* volumes, and checks that are not made */
    UNKNOWN
} option;

enum { OF_EXCHANGE = 1, OF_SURFACE = 2, OF_BOTH = 3 };

/* In the order in which an abbreviation finds them. */
static const struct {
    const char *name;
    option      option;
    unsigned    of;
} options[] = {
    {"log_k", LOG_K, OF_BOTH},
    {"logk", LOG_K, OF_BOTH},
    {"delta_h", DELTA_H, OF_BOTH},
    {"deltah", DELTA_H, OF_BOTH},
    {"analytical_expression", ANALYTIC, OF_BOTH},
    {"a_e", ANALYTIC, OF_BOTH},
    {"ae", ANALYTIC, OF_BOTH},
    {"gamma", GAMMA, OF_EXCHANGE},
    {"davies", DAVIES, OF_EXCHANGE},
    {"mole_balance", BALANCE, OF_BOTH},
    {"mass_balance", BALANCE, OF_BOTH},
    {"mb", BALANCE, OF_BOTH},
    {"no_check", PASSED, OF_BOTH},
    {"check", PASSED, OF_BOTH},
    {"vm", PASSED, OF_BOTH},
    {"llnl_gamma", LLNL, OF_EXCHANGE},
    {"offset", ADDED, OF_BOTH},
    {"add_logk", NAMED, OF_BOTH},
    {"add_log_k", NAMED, OF_BOTH},
    {"add_constant", ADDED, OF_BOTH},
    {"cd_music", PLANES, OF_SURFACE},
    {"music", PLANES, OF_SURFACE},
};

/* "-log" (any beginning after a dash) or "log_k" (whole). */
static option option_of(sei_slice word, unsigned of)
{
    const bool dash = word.len > 1 && word.at[0] == '-';

    if (dash) {
        word.at++;
        word.len--;
    }
    for (size_t i = 0; i < sizeof options / sizeof options[0]; i++) {
        const size_t len = strlen(options[i].name);
        if ((options[i].of & of) && (dash ? word.len <= len : word.len == len) &&
            strncasecmp(word.at, options[i].name, word.len) == 0)
            return options[i].option;
    }
    return UNKNOWN;
}

static sei_status read_balance(reader *r, sei_sorb_species *s, sei_slice rest)
{
    sei_slice formula;

    if (!sei_next_word(&rest, &formula))
        return fail(r, SEI_E_PARSE, "-mole_balance needs a formula", rest);
    s->mole_balance = sei_arena_strndup(&r->sorb->arena, formula.at, formula.len);
    return s->mole_balance ? SEI_OK : SEI_E_NOMEM;
}

/* kJ/mol, unless the unit says kcal, cal or J. */
static sei_status read_enthalpy(reader *r, sei_slice rest)
{
    sei_slice unit;

    if (numbers(rest, 1, &r->delta_h) != 1)
        return fail(r, SEI_E_PARSE, "delta_h needs a number", rest);
    (void)sei_next_word(&rest, &unit);
    if (!sei_next_word(&rest, &unit))
        return SEI_OK;
    if (unit.at[0] != 'k' && unit.at[0] != 'K')
        r->delta_h /= 1000.0;
    if (memchr(unit.at, 'c', unit.len))
        r->delta_h *= 4.184;
    return SEI_OK;
}

static sei_status read_gamma(reader *r, sei_sorb_species *s, sei_slice rest)
{
    double v[2] = {0};

    if (numbers(rest, 2, v) < 1)
        return fail(r, SEI_E_PARSE, "-gamma needs two numbers", rest);
    /* "-gamma 0 0" of an exchange species is Davies' equation in PHREEQC; of an aqueous one it is the limiting law. */
    s->gamma = v[0] == 0.0 && v[1] == 0.0 ? SEI_GAMMA_DAVIES : SEI_GAMMA_WATEQ;
    s->dha   = v[0];
    s->dhb   = v[1];
    return SEI_OK;
}

/* Changes of charge in the three planes; then a charge of which a share is in plane 0 too, and the rest in plane 1. */
static sei_status read_planes(reader *r, sei_sorb_species *s, sei_slice rest)
{
    double v[5] = {0};

    if (numbers(rest, 5, v) < 3)
        return fail(r, SEI_E_PARSE, "-cd_music needs the changes of charge in three planes", rest);
    s->plane[0]   = v[0] + v[3] * v[4];
    s->plane[1]   = v[1] + (1.0 - v[3]) * v[4];
    s->plane[2]   = v[2];
    s->has_planes = true;
    return SEI_OK;
}

/* "-add_logk Name 2": so many times the constant of NAMED_EXPRESSIONS. */
static sei_status add_named(reader *r, sei_slice rest)
{
    const sei_db *db   = r->sorb->db;
    sei_slice     name = {"", 0};
    double        by   = 1.0;

    (void)sei_next_word(&rest, &name);
    (void)numbers(rest, 1, &by);
    for (size_t i = 0; db && i < db->n_named; i++) {
        if (!sei_slice_is_nocase(name, db->named[i].name))
            continue;
        for (size_t t = 0; t < SEI_LOGK_TERMS; t++)
            r->added.c[t] += by * db->named[i].logk.c[t];
        return SEI_OK;
    }
    return fail(r, SEI_E_NOT_FOUND, "-add_logk names no expression of NAMED_EXPRESSIONS", name);
}

static sei_status read_option(reader *r, sei_slice word, sei_slice rest)
{
    const bool        is_exchange       = r->block == SPECIES_X;
    double            v[SEI_LOGK_TERMS] = {0};
    sei_sorb_species *s                 = &r->sorb->species[r->species];

    switch (option_of(word, is_exchange ? OF_EXCHANGE : OF_SURFACE)) {
    case LOG_K:
        if (numbers(rest, 1, v) != 1)
            return fail(r, SEI_E_PARSE, "log_k needs a number", rest);
        r->log_k = v[0];
        return SEI_OK;
    case ADDED:
        if (numbers(rest, 1, v) != 1)
            return fail(r, SEI_E_PARSE, "a constant that is added needs a number", rest);
        r->added.c[0] += v[0];
        return SEI_OK;
    case DELTA_H: return read_enthalpy(r, rest);
    case ANALYTIC:
        r->has_analytic = numbers(rest, SEI_LOGK_TERMS, v) > 0;
        memcpy(r->analytic, v, sizeof v);
        return SEI_OK;
    case GAMMA: return read_gamma(r, s, rest);
    case LLNL:
        if (numbers(rest, 1, &s->dha) != 1)
            return fail(r, SEI_E_PARSE, "-llnl_gamma needs a number", rest);
        s->gamma = SEI_GAMMA_LLNL;
        return SEI_OK;
    case DAVIES: s->gamma = SEI_GAMMA_DAVIES; return SEI_OK;
    case BALANCE: return read_balance(r, s, rest);
    case PLANES: return read_planes(r, s, rest);
    case NAMED: return add_named(r, rest);
    case PASSED: return SEI_OK;
    default:
        return fail(r, SEI_E_KEY,
                    is_exchange ? "EXCHANGE_SPECIES: neither a reaction nor a known option"
                                : "SURFACE_SPECIES: neither a reaction nor a known option",
                    word);
    }
}

static sei_status read_line(reader *r, sei_slice line)
{
    sei_slice rest = sei_trim(line), word;

    line = rest;
    if (!sei_next_word(&rest, &word))
        return SEI_OK;
    static const struct {
        const char *name;
        block       block;
    } blocks[] = {{"EXCHANGE_MASTER_SPECIES", MASTER_X},
                  {"EXCHANGE_SPECIES", SPECIES_X},
                  {"SURFACE_MASTER_SPECIES", MASTER_S},
                  {"SURFACE_SPECIES", SPECIES_S}};
    for (size_t i = 0; i < sizeof blocks / sizeof blocks[0]; i++) {
        if (sei_slice_is_nocase(word, blocks[i].name)) {
            close_species(r);
            r->block = blocks[i].block;
            return SEI_OK;
        }
    }
    if (r->block == OTHER)
        return SEI_OK;
    if (sei_dbread_is_keyword(word)) {
        close_species(r);
        r->block = OTHER;
        return SEI_OK;
    }
    if (r->block == MASTER_X || r->block == MASTER_S)
        return read_master(r, line, r->block == MASTER_S);
    if (memchr(line.at, '=', line.len)) {
        close_species(r);
        return define(r, line);
    }
    if (r->species == SIZE_MAX)
        return fail(r, SEI_E_PARSE, "an option without a reaction above it", line);
    return read_option(r, word, rest);
}

/* A whole line, cut at ";". */
static sei_status read_pieces(reader *r, sei_slice line)
{
    sei_slice  piece;
    sei_status st = SEI_OK;

    while (st == SEI_OK && sei_next_piece(&line, ';', &piece))
        st = read_line(r, piece);
    return st;
}

sei_status sei_sorb_read(sei_ctx *ctx, sei_sorb *sorb, const char *name, size_t first_line,
                         const char *text, size_t len)
{
    const sei_where before = {name, first_line ? first_line - 1 : 0, 0};
    reader          r      = {.ctx = ctx, .sorb = sorb, .where = before, .species = SIZE_MAX};
    sei_logical     lines;
    sei_slice       line;
    size_t          number;
    sei_status      st = SEI_OK;

    sei_logical_begin(&lines, ctx, (sei_slice){text, len}, SEI_DBREAD_LINE_MAX);
    while (st == SEI_OK && sei_logical_next(&lines, &line, &number)) {
        r.where.line = before.line + number;
        st           = read_pieces(&r, line);
    }
    if (st == SEI_OK)
        st = sei_logical_status(&lines, before);
    sei_logical_done(&lines);
    close_species(&r);
    return st;
}
