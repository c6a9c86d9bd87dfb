/*
 * test_react.c - equilibrium of water with minerals, gas, solid solutions, exchangers and surfaces, beside PHREEQC
 *
 * Problems and numbers: refs/react (see its README.md).
 */
#include "react_case.h"

enum { DATABASES_MAX = 4, REFS_MAX = 4000 };

typedef struct {
    char      name[RC_NAME];
    sei_db   *db;
    sei_sorb *sorb;
} database;

typedef struct {
    char   name[RC_NAME], quantity[RC_NAME];
    size_t step;
    double value;
} reference;

static sei_ctx   *ctx;
static rc_case   *cases;
static size_t     n_cases, n_refs, n_databases;
static reference *refs;
static database   databases[DATABASES_MAX];

static void read_references(void)
{
    char  line[256];
    FILE *f = fopen(SEI_TEST_DIR "/refs/react/phreeqc.csv", "r");

    ck_assert(f != NULL);
    refs = calloc(REFS_MAX, sizeof *refs);
    while (fgets(line, sizeof line, f)) {
        reference *r = &refs[n_refs];
        if (sscanf(line, "%39[^,],%zu,%39[^,],%lf", r->name, &r->step, r->quantity, &r->value) == 4)
            n_refs++;
        ck_assert_uint_lt(n_refs, REFS_MAX);
    }
    fclose(f);
}

static void set_up(void)
{
    ctx     = sei_ctx_create(NULL);
    n_cases = rc_read(SEI_TEST_DIR "/refs/react/cases.txt", &cases);
    read_references();
}

static void tear_down(void)
{
    for (size_t i = 0; i < n_databases; i++) {
        sei_db_free(databases[i].db);
        sei_sorb_free(databases[i].sorb);
    }
    n_databases = n_refs = 0;
    free(cases);
    free(refs);
    sei_ctx_free(ctx);
}

/* NULL when the database belongs to the reference folder and that is not there. */
static const database *open_database(const char *name)
{
    char   path[512], *text = NULL;
    size_t len;

    for (size_t i = 0; i < n_databases; i++)
        if (strcmp(databases[i].name, name) == 0)
            return &databases[i];
    if (strcmp(name, "minewater") == 0)
        snprintf(path, sizeof path, "%s/data/thermo/minewater.dat", SEI_PROJECT_DIR);
    else
        snprintf(path, sizeof path, "%s/thermo/%s.dat", SEI_SHARED_DIR, name);
    if (access(path, R_OK) != 0)
        return NULL;
    database *d = &databases[n_databases++];
    snprintf(d->name, sizeof d->name, "%s", name);
    T_OK(ctx, sei_db_read(ctx, path, &d->db));
    T_OK(ctx, sei_file_read(ctx, path, 1u << 24, &text, &len));
    T_OK(ctx, sei_sorb_create(ctx, &d->sorb));
    T_OK(ctx, sei_sorb_read(ctx, d->sorb, path, 1, text, len));
    sei_release(ctx, text);
    return d;
}

/* ---- one quantity ---- */

static double mineral_left(const rc_problem *p, const rc_case *c, const sei_react_state *st,
                           const char *name)
{
    for (size_t i = 0; i < c->minerals.n; i++)
        if (strcmp(c->minerals.item[i].name, name) == 0)
            return st->mineral_mol[i];
    (void)p;
    return NAN;
}

static double part_mol(const rc_problem *p, const char *name)
{
    const sei_net *net = sei_react_net(p->react);

    for (size_t x = 0; x < p->system.n_mixtures; x++)
        for (size_t i = 0; i < p->mixtures[x].n; i++)
            if (strcmp(net->phases[p->mixtures[x].phase[i]].name, name) == 0)
                return p->mixtures[x].mol[i];
    return NAN;
}

static double sorbed_mol(const rc_problem *p, const sei_react_state *st, const char *name)
{
    for (size_t i = 0; i < sei_react_n_sorbed(p->react); i++)
        if (strcmp(sei_react_sorbed(p->react, i)->name, name) == 0)
            return st->sorbed_mol[i];
    return NAN;
}

static double quantity_of(const rc_problem *p, const rc_case *c, const sei_react_state *st,
                          const char *quantity)
{
    const sei_net *net  = sei_react_net(p->react);
    const char    *name = strchr(quantity, ':');

    if (strcmp(quantity, "pH") == 0)
        return -st->x[net->n_comp - 1] / RC_LN10;
    if (strcmp(quantity, "pe") == 0)
        return -st->ln_ae / RC_LN10;
    if (strcmp(quantity, "mu") == 0)
        return st->mu;
    if (strcmp(quantity, "water_kg") == 0)
        return st->water_kg;
    if (strncmp(quantity, "tot:", 4) == 0)
        return sei_react_element(p->react, &st->water, name + 1) / st->water_kg;
    if (strncmp(quantity, "mineral:", 8) == 0)
        return mineral_left(p, c, st, name + 1);
    if (strncmp(quantity, "sorbed:", 7) == 0)
        return sorbed_mol(p, st, name + 1);
    return part_mol(p, name + 1);
}

/* pH 0.001; pe 0.001 where it means something; amounts 1e-4 relative above 1e-9 mol. */
static bool agrees(const char *quantity, double ours, double theirs)
{
    if (strcmp(quantity, "pH") == 0 || strcmp(quantity, "pe") == 0)
        return fabs(ours - theirs) <= 1e-3;
    return fabs(ours - theirs) <= 1e-4 * fabs(theirs) + 1e-9;
}

static size_t compare_step(const rc_problem *p, const rc_case *c, size_t step,
                           const sei_react_state *st, double *worst_ph)
{
    size_t bad = 0;

    for (size_t i = 0; i < n_refs; i++) {
        const reference *r = &refs[i];
        if (r->step != step || strcmp(r->name, c->name) != 0 ||
            (!c->redox && strcmp(r->quantity, "pe") == 0))
            continue;
        const double ours = quantity_of(p, c, st, r->quantity);
        if (strcmp(r->quantity, "pH") == 0)
            *worst_ph = fmax(*worst_ph, fabs(ours - r->value));
        if (agrees(r->quantity, ours, r->value))
            continue;
        printf("case %s, step %zu: %s = %.10g, PHREEQC %.10g\n", c->name, step, r->quantity, ours,
               r->value);
        bad++;
    }
    return bad;
}

static size_t compare_case(const rc_case *c, const database *d)
{
    rc_problem p;
    size_t     bad = 0, steps = c->n_steps ? c->n_steps : 1;
    double     worst_ph   = 0.0;
    int        iterations = 0;
    rc_open(&p, ctx, d->db, d->sorb, c, 1.0);
    sei_react_state st = p.state;
    for (size_t k = 1; k <= steps; k++) {
        const sei_status status = rc_step(&p, c, k, 1.0, &st);
        if (status != SEI_OK) {
            printf("case %s, step %zu: %s\n", c->name, k, sei_ctx_error(ctx));
            bad++;
            continue;
        }
        iterations += st.iterations;
        bad += compare_step(&p, c, k, &st, &worst_ph);
    }
    printf("%-26s %zu steps, %3d iterations, pH within %.1e\n", c->name, steps, iterations,
           worst_ph);
    rc_close(&p);
    return bad;
}

START_TEST(problems_agree_with_phreeqc)
{
    size_t bad = 0;

    for (size_t i = 0; i < n_cases; i++) {
        if (getenv("REACT_CASE") && strcmp(getenv("REACT_CASE"), cases[i].name) != 0)
            continue;
        const database *d = open_database(cases[i].database);
        if (d)
            bad += compare_case(&cases[i], d);
        else
            (void)t_has_shared(cases[i].name);
    }
    ck_assert_uint_eq(bad, 0);
}
END_TEST

/* A thousand times more or less of everything is the same water. */
START_TEST(size_does_not_matter)
{
    static const double sizes[] = {1e-3, 1e3};

    for (size_t i = 0; i < n_cases; i++) {
        const rc_case  *c = &cases[i];
        const database *d = open_database(c->database);
        rc_problem      one, other;
        if (!d)
            continue;
        rc_open(&one, ctx, d->db, d->sorb, c, 1.0);
        sei_react_state a = one.state;
        T_OK(ctx, rc_step(&one, c, c->n_steps, 1.0, &a));
        for (size_t k = 0; k < T_COUNT(sizes); k++) {
            rc_open(&other, ctx, d->db, d->sorb, c, sizes[k]);
            sei_react_state b = other.state;
            T_OK(ctx, rc_step(&other, c, c->n_steps, sizes[k], &b));
            const size_t h = sei_react_net(one.react)->n_comp - 1;
            ck_assert_msg(fabs(a.x[h] - b.x[h]) < 1e-6, "case %s of %g kg: pH differs by %g",
                          c->name, sizes[k], (b.x[h] - a.x[h]) / RC_LN10);
            for (size_t m = 0; m < c->minerals.n; m++)
                T_NEAR(b.mineral_mol[m] / sizes[k], a.mineral_mol[m], 1e-7);
            rc_close(&other);
        }
        rc_close(&one);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("react");
    TCase *tcase = tcase_create("phreeqc");

    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, problems_agree_with_phreeqc);
    tcase_add_test(tcase, size_does_not_matter);
    suite_add_tcase(suite, tcase);
    return t_run(suite);
}
