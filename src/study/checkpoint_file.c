/* checkpoint_file.c - a run's state to a file and back */
#include <string.h>

#include "base/pack.h"
#include "study/checkpoint.h"

enum { KIND = 0x54415453 /* STAT */, VERSION = 2 };
enum {
    TAG_PROGRAM = 1,
    TAG_INPUTS,
    TAG_MODEL,
    TAG_NUMBERS,
    TAG_NEXT_PROFILE,
    TAG_TRAIN,
    TAG_TIME,
    TAG_VALUE,
    TAG_SOLID,
    TAG_PROFILE_TIME,
    TAG_PROFILE_VALUE,
    TAG_PROFILE_SOLID,
    TAG_WARNINGS,
    TAG_COUNTS,
    TAG_DOSES,
    TAG_TANKS
};
enum { N_NUMBERS = 13, N_TRAIN = 5 };

/* No run has more; products of three of them do not overflow 64 bits. */
static const int64_t number_max = 1 << 20;

void sei_checkpoint_done(sei_ctx *ctx, sei_checkpoint *c)
{
    void *const blocks[] = {c->program,   c->inputs,        c->warnings,      c->train,
                            c->time_us,   c->value,         c->profile_value, c->profile_time_us,
                            c->solid_mol, c->profile_solid, c->counts,        c->dose_kg_s,
                            c->tank};

    for (size_t i = 0; i < sizeof blocks / sizeof blocks[0]; i++)
        sei_release(ctx, blocks[i]);
    *c = (sei_checkpoint){0};
}

/* ---- lengths ---------------------------------------------------------------------------------- */

typedef struct {
    size_t value, solid, doses, tanks, profile_value, profile_solid;
} lengths;

static lengths lengths_of(const sei_checkpoint *c)
{
    const sei_checkpoint_shape *s = &c->shape;

    return (lengths){.value         = c->n_times * s->n_watches * s->n_columns,
                     .solid         = c->n_times * s->n_units * s->n_solids,
                     .doses         = c->n_times * s->n_doses,
                     .tanks         = c->n_times * s->n_tanks * SEI_TANK_NUMBERS,
                     .profile_value = c->n_profiles * s->n_cells * s->n_columns,
                     .profile_solid = c->n_profiles * s->n_cells * s->n_solids};
}

/* ---- writing ---------------------------------------------------------------------------------- */

sei_status sei_checkpoint_save(sei_ctx *ctx, const sei_checkpoint *c, const char *path)
{
    const sei_checkpoint_shape *s                  = &c->shape;
    const lengths               n                  = lengths_of(c);
    const int64_t               numbers[N_NUMBERS] = {
                      (int64_t)s->n_watches,  (int64_t)s->n_columns,   (int64_t)s->n_units,  (int64_t)s->n_solids,
                      (int64_t)s->n_cells,    (int64_t)s->n_train,     (int64_t)c->next,     (int64_t)c->n_times,
                      (int64_t)c->n_profiles, (int64_t)c->events_done, (int64_t)s->n_counts, (int64_t)s->n_doses,
                      (int64_t)s->n_tanks};
    sei_pack p;

    sei_pack_begin(&p, ctx, KIND, VERSION);
    sei_pack_text(&p, TAG_PROGRAM, c->program);
    sei_pack_text(&p, TAG_INPUTS, c->inputs);
    sei_pack_text(&p, TAG_MODEL, c->model);
    sei_pack_integers(&p, TAG_NUMBERS, N_NUMBERS, numbers);
    sei_pack_doubles(&p, TAG_NEXT_PROFILE, 1, &c->next_profile_s);
    sei_pack_doubles(&p, TAG_TRAIN, s->n_train, c->train);
    sei_pack_integers(&p, TAG_TIME, c->n_times, c->time_us);
    sei_pack_doubles(&p, TAG_VALUE, n.value, c->value);
    sei_pack_doubles(&p, TAG_SOLID, n.solid, c->solid_mol);
    sei_pack_integers(&p, TAG_PROFILE_TIME, c->n_profiles, c->profile_time_us);
    sei_pack_doubles(&p, TAG_PROFILE_VALUE, n.profile_value, c->profile_value);
    sei_pack_doubles(&p, TAG_PROFILE_SOLID, n.profile_solid, c->profile_solid);
    sei_pack_doubles(&p, TAG_COUNTS, s->n_counts, c->counts);
    sei_pack_doubles(&p, TAG_DOSES, n.doses, c->dose_kg_s);
    sei_pack_doubles(&p, TAG_TANKS, n.tanks, c->tank);
    sei_pack_text(&p, TAG_WARNINGS, c->warnings);
    return sei_pack_save(&p, path);
}

/* ---- reading ---------------------------------------------------------------------------------- */

static sei_status take_numbers(const sei_unpack *u, sei_checkpoint *c)
{
    const sei_where where = {u->name, 0, 0};
    int64_t         n[N_NUMBERS];

    const sei_status st = sei_unpack_integers(u, TAG_NUMBERS, N_NUMBERS, n);
    if (st != SEI_OK)
        return st;
    for (size_t i = 0; i < N_NUMBERS; i++)
        if (n[i] < 0 ||
            n[i] > number_max * (i == N_TRAIN ? 64 : 2)) /* the train's state is the longest */
            return sei_fail(u->ctx, SEI_E_PARSE, &where, "a size in it is impossible: %lld",
                            (long long)n[i]);
    c->shape       = (sei_checkpoint_shape){(size_t)n[0],  (size_t)n[1],  (size_t)n[2],
                                            (size_t)n[3],  (size_t)n[4],  (size_t)n[5],
                                            (size_t)n[10], (size_t)n[11], (size_t)n[12]};
    c->next        = (size_t)n[6];
    c->n_times     = (size_t)n[7];
    c->n_profiles  = (size_t)n[8];
    c->events_done = (size_t)n[9];
    return SEI_OK;
}

/* Exactly n doubles; nothing is allocated before the file is seen to hold them. */
static double *doubles(const sei_unpack *u, uint32_t tag, size_t n, sei_status *st)
{
    const sei_where where = {u->name, 0, 0};

    if (*st != SEI_OK)
        return NULL;
    if (sei_unpack_count(u, tag) != n) {
        *st = sei_fail(u->ctx, SEI_E_PARSE, &where, "its arrays do not fit its sizes");
        return NULL;
    }
    double *v = sei_alloc(u->ctx, n + 1, sizeof *v);
    *st       = v ? sei_unpack_doubles(u, tag, n, v) : SEI_E_NOMEM;
    return v;
}

static int64_t *integers(const sei_unpack *u, uint32_t tag, size_t n, sei_status *st)
{
    const sei_where where = {u->name, 0, 0};

    if (*st != SEI_OK)
        return NULL;
    if (sei_unpack_count(u, tag) != n) {
        *st = sei_fail(u->ctx, SEI_E_PARSE, &where, "its arrays do not fit its sizes");
        return NULL;
    }
    int64_t *v = sei_alloc(u->ctx, n + 1, sizeof *v);
    *st        = v ? sei_unpack_integers(u, tag, n, v) : SEI_E_NOMEM;
    return v;
}

static sei_status take_arrays(const sei_unpack *u, sei_checkpoint *c)
{
    const lengths n  = lengths_of(c);
    sei_status    st = sei_unpack_doubles(u, TAG_NEXT_PROFILE, 1, &c->next_profile_s);

    c->train           = doubles(u, TAG_TRAIN, c->shape.n_train, &st);
    c->counts          = doubles(u, TAG_COUNTS, c->shape.n_counts, &st);
    c->dose_kg_s       = doubles(u, TAG_DOSES, n.doses, &st);
    c->tank            = doubles(u, TAG_TANKS, n.tanks, &st);
    c->time_us         = integers(u, TAG_TIME, c->n_times, &st);
    c->value           = doubles(u, TAG_VALUE, n.value, &st);
    c->solid_mol       = doubles(u, TAG_SOLID, n.solid, &st);
    c->profile_time_us = integers(u, TAG_PROFILE_TIME, c->n_profiles, &st);
    c->profile_value   = doubles(u, TAG_PROFILE_VALUE, n.profile_value, &st);
    c->profile_solid   = doubles(u, TAG_PROFILE_SOLID, n.profile_solid, &st);
    return st;
}

static sei_status take_texts(const sei_unpack *u, sei_checkpoint *c)
{
    const sei_where where = {u->name, 0, 0};
    char           *model = NULL;

    sei_status st = sei_unpack_text(u, TAG_PROGRAM, &c->program);
    if (st == SEI_OK)
        st = sei_unpack_text(u, TAG_INPUTS, &c->inputs);
    if (st == SEI_OK)
        st = sei_unpack_text(u, TAG_WARNINGS, &c->warnings);
    if (st == SEI_OK)
        st = sei_unpack_text(u, TAG_MODEL, &model);
    if (st == SEI_OK && strlen(model) + 1 != sizeof c->model)
        st = sei_fail(u->ctx, SEI_E_PARSE, &where, "the hash of its model is no hash");
    if (st == SEI_OK)
        memcpy(c->model, model, sizeof c->model);
    sei_release(u->ctx, model);
    return st;
}

sei_status sei_checkpoint_parse(sei_ctx *ctx, const char *name, const void *bytes, size_t len,
                                sei_checkpoint *ret)
{
    sei_checkpoint c = {0};
    sei_unpack     u;

    sei_status st = sei_unpack_open(ctx, name, bytes, len, KIND, VERSION, &u);
    if (st == SEI_OK)
        st = take_texts(&u, &c);
    if (st == SEI_OK)
        st = take_numbers(&u, &c);
    if (st == SEI_OK)
        st = take_arrays(&u, &c);
    if (st != SEI_OK) {
        sei_checkpoint_done(ctx, &c);
        return st;
    }
    *ret = c;
    return SEI_OK;
}

sei_status sei_checkpoint_read(sei_ctx *ctx, const char *path, sei_checkpoint *ret)
{
    char      *bytes = NULL;
    size_t     len   = 0;
    sei_status st    = sei_file_read(ctx, path, SEI_PACK_BYTES_MAX, &bytes, &len);

    if (st == SEI_OK)
        st = sei_checkpoint_parse(ctx, path, bytes, len, ret);
    sei_release(ctx, bytes);
    return st;
}
