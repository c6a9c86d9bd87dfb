/* checkpoint.h - the state of a run as a file, to go on from */
#ifndef SEI_STUDY_CHECKPOINT_H
#define SEI_STUDY_CHECKPOINT_H

#include "base/file.h"
#include "study/run.h"

/* Sizes that a state and the run that takes it must share. */
typedef struct {
    size_t n_watches, n_columns, n_units, n_solids, n_cells, n_train, n_counts, n_doses, n_tanks;
} sei_checkpoint_shape;

typedef struct {
    char                *program; /* version that wrote it */
    char                *inputs;  /* a line a file: hash and name; the database last */
    char                 model[SEI_SHA256_HEX]; /* of the train and the run options */
    sei_checkpoint_shape shape;
    size_t               next;        /* output that comes next: time next * interval */
    size_t               events_done; /* instants of the units' events */
    double               next_profile_s;
    size_t               n_times, n_profiles;
    double              *train;  /* [n_train] as sei_train_get_state */
    double              *counts; /* [n_counts] as sei_recorder_get_counts */
    int64_t             *time_us, *profile_time_us;
    double              *value, *solid_mol, *dose_kg_s, *tank, *profile_value, *profile_solid;
    char                *warnings; /* a line each */
} sei_checkpoint;

/* What a run has reached; strings and arrays are copies. */
SEI_CHECKED sei_status sei_checkpoint_take(sei_recorder *r, const sei_train *train,
                                           sei_checkpoint *ret);
/* Puts a run that is prepared but not begun where the state was. E_KEY tells what differs. */
SEI_CHECKED sei_status sei_checkpoint_apply(const sei_checkpoint *c, const char *name,
                                            sei_recorder *r, sei_train *train);
SEI_CHECKED sei_status sei_checkpoint_save(sei_ctx *ctx, const sei_checkpoint *c, const char *path);
SEI_CHECKED sei_status sei_checkpoint_read(sei_ctx *ctx, const char *path, sei_checkpoint *ret);
/* The same from bytes, which may be any. */
SEI_CHECKED sei_status sei_checkpoint_parse(sei_ctx *ctx, const char *name, const void *bytes,
                                            size_t len, sei_checkpoint *ret);
void                   sei_checkpoint_done(sei_ctx *ctx, sei_checkpoint *c);

#endif
