/* judged.c - a sweep over points and the layers that cover them */
#include "server/judged.h"

#include <stdio.h>
#include <string.h>

#include "server/corrected.h"

enum { LAYERS_MAX = 200000, POINTS_MAX = 4000000 };

typedef enum { FLAG, GRADE, APPROVAL } layer_kind;

typedef struct {
    int64_t    start_us, end_us; /* the end is not covered */
    layer_kind kind;
    int        level;
    char       code[SEI_LAYER_CODE_MAX];
} layer;

struct sei_judge {
    sei_store     *store;
    int64_t        as_of_us;
    bool           is_corrected;
    size_t         n_layers, size_layers;
    layer         *layers; /* by start */
    size_t         n_active, size_active;
    size_t        *active; /* layers that cover the point at hand */
    size_t         size_judgements;
    sei_judgement *judgements;
    sei_points     corrected;
};

sei_status sei_judge_create(sei_store *store, int64_t as_of_us, bool is_corrected,
                            sei_judge **ret_judge)
{
    sei_judge *judge = sei_alloc(sei_store_ctx(store), 1, sizeof *judge);

    if (!judge)
        return SEI_E_NOMEM;
    judge->store        = store;
    judge->as_of_us     = as_of_us;
    judge->is_corrected = is_corrected;
    sei_points_init(&judge->corrected, sei_store_ctx(store));
    *ret_judge = judge;
    return SEI_OK;
}

void sei_judge_free(sei_judge *judge)
{
    if (!judge)
        return;
    sei_ctx *ctx = sei_store_ctx(judge->store);
    sei_points_done(&judge->corrected);
    sei_release(ctx, judge->layers);
    sei_release(ctx, judge->active);
    sei_release(ctx, judge->judgements);
    sei_release(ctx, judge);
}

/* ---- layers --------------------------------------------------------------------------------------------- */

static layer_kind kind_of(const char *word)
{
    return strcmp(word, "flag") == 0 ? FLAG : strcmp(word, "grade") == 0 ? GRADE : APPROVAL;
}

static sei_status take_layer(sei_judge *j, sei_stmt *stmt)
{
    sei_ctx *ctx = sei_store_ctx(j->store);

    if (j->n_layers >= LAYERS_MAX)
        return sei_fail(ctx, SEI_E_TOO_LARGE, NULL,
                        "more than %d flags and grades in this span: ask for a shorter one",
                        LAYERS_MAX);
    if (j->n_layers == j->size_layers) {
        const size_t size = j->size_layers ? 2 * j->size_layers : 64;
        layer       *more = sei_resize(ctx, j->layers, size, sizeof *more);
        if (!more)
            return SEI_E_NOMEM;
        j->layers      = more;
        j->size_layers = size;
    }
    layer *l    = &j->layers[j->n_layers++];
    l->start_us = sei_db_int(stmt, 0);
    l->end_us   = sei_db_int(stmt, 1);
    l->kind     = kind_of(sei_db_text(stmt, 2));
    l->level    = (int)sei_db_int(stmt, 4);
    if (sei_db_text(stmt, 3)[0])
        snprintf(l->code, sizeof l->code, "%s", sei_db_text(stmt, 3));
    else
        snprintf(l->code, sizeof l->code, "%d", l->level); /* a grade may be a number alone */
    return SEI_OK;
}

/* Of layers that begin together the one made last comes last, and so counts. */
static sei_status read_layers(sei_judge *j, int64_t channel_id, int64_t from_us, int64_t to_us)
{
    sei_stmt  *stmt = NULL;
    bool       row  = false;
    sei_status st   = sei_db_start(
          sei_store_db(j->store),
          "SELECT l.start_us, l.end_us, l.kind, l.code, l.level FROM layer l LEFT JOIN layer u ON"
            " u.undoes = l.id WHERE l.channel_id = $1 AND l.kind <> 'correction' AND l.undoes IS NULL"
            " AND l.end_us > $2 AND l.start_us <= $3 AND l.made_us <= $4 AND (u.made_us IS NULL OR"
            " u.made_us > $5) ORDER BY l.start_us, l.id",
          SEI_BINDS(sei_bind_int(channel_id), sei_bind_int(from_us), sei_bind_int(to_us),
                    sei_bind_int(j->as_of_us), sei_bind_int(j->as_of_us)),
          &stmt);

    j->n_layers = 0;
    while (st == SEI_OK && (st = sei_db_step(stmt, &row)) == SEI_OK && row)
        st = take_layer(j, stmt);
    sei_db_finish(stmt);
    return st;
}

/* ---- the sweep ------------------------------------------------------------------------------------------ */

static sei_status make_room(sei_judge *j, size_t n_points)
{
    sei_ctx *ctx = sei_store_ctx(j->store);

    if (j->n_layers > j->size_active) {
        size_t *more = sei_resize(ctx, j->active, j->n_layers, sizeof *more);
        if (!more)
            return SEI_E_NOMEM;
        j->active      = more;
        j->size_active = j->n_layers;
    }
    if (n_points > j->size_judgements) {
        sei_judgement *more = sei_resize(ctx, j->judgements, n_points, sizeof *more);
        if (!more)
            return SEI_E_NOMEM;
        j->judgements      = more;
        j->size_judgements = n_points;
    }
    return SEI_OK;
}

static void drop_ended(sei_judge *j, int64_t time_us)
{
    size_t n = 0;

    for (size_t i = 0; i < j->n_active; i++)
        if (j->layers[j->active[i]].end_us > time_us)
            j->active[n++] = j->active[i];
    j->n_active = n;
}

static sei_judgement judge_one(const sei_judge *j, const sei_point *raw)
{
    sei_judgement out = {.flag_by = "", .grade = "", .approval = "", .corrected = *raw};

    for (size_t i = 0; i < j->n_active; i++) {
        const layer *l = &j->layers[j->active[i]];
        if (l->kind == GRADE) {
            out.grade = l->code;
        } else if (l->kind == APPROVAL) {
            out.approval = l->code;
        } else if (l->level >= out.flag) {
            out.flag    = (uint8_t)l->level;
            out.flag_by = l->code;
        }
    }
    return out;
}

/* Corrections leave one value for each time; it holds for all raw points of that time. */
static sei_status correct(sei_judge *j, int64_t channel_id, const sei_points *points)
{
    const int64_t from = points->at[0].time_us, to = points->at[points->n - 1].time_us + 1;
    size_t        k = 0;

    j->corrected.n = 0;
    const sei_status st =
        sei_corrected_read(j->store, channel_id, from, to, j->as_of_us, POINTS_MAX, &j->corrected);
    for (size_t i = 0; i < points->n && st == SEI_OK; i++) {
        const int64_t time_us = points->at[i].time_us;
        while (k < j->corrected.n && j->corrected.at[k].time_us < time_us)
            k++;
        if (k < j->corrected.n && j->corrected.at[k].time_us == time_us)
            j->judgements[i].corrected = j->corrected.at[k];
        if (k + 1 < j->corrected.n && j->corrected.at[k + 1].time_us == time_us)
            k++; /* nothing was corrected, so that twins are still there: each has its own */
    }
    return st;
}

sei_status sei_judge_points(sei_judge *j, int64_t channel_id, const sei_points *points,
                            const sei_judgement **ret_judgements)
{
    size_t     next = 0;
    sei_status st   = SEI_OK;

    if (points->n > 0)
        st = read_layers(j, channel_id, points->at[0].time_us, points->at[points->n - 1].time_us);
    if (st == SEI_OK)
        st = make_room(j, points->n);
    j->n_active = 0;
    for (size_t i = 0; i < points->n && st == SEI_OK; i++) {
        const int64_t time_us = points->at[i].time_us;
        drop_ended(j, time_us);
        for (; next < j->n_layers && j->layers[next].start_us <= time_us; next++)
            if (j->layers[next].end_us > time_us)
                j->active[j->n_active++] = next;
        j->judgements[i] = judge_one(j, &points->at[i]);
    }
    if (st == SEI_OK && j->is_corrected && points->n > 0)
        st = correct(j, channel_id, points);
    if (st == SEI_OK)
        *ret_judgements = j->judgements;
    return st;
}
