/*
 * knob_prior.c - priors of knobs
 *
 * Which numbers vary when the file lists none: parameters of rate laws; parameters of units that the
 * file leaves at their default or marks as assumed; the raw water; the air. Numbers that a user
 * decides (sizes, shares of media, counts, switches) do not vary unless they are listed.
 */
#include "study/knob_prior.h"

#include <math.h>
#include <string.h>

#include "num/philox.h"

static const double z90 = 1.2815515655446004; /* of the 90th percentile */

static sei_prior fixed(double value)
{
    return (sei_prior){.kind = SEI_PRIOR_FIXED, .a = value};
}

/* ---- rows of the catalogue -------------------------------------------------------------------- */

/* What a designer draws, as against what nature gives. */
static bool is_design(const char *key)
{
    static const char *const starts[] = {"volume_", "area_",     "depth_", "length_",   "width_",
                                         "height_", "diameter_", "cells",  "freeboard", "weir"};
    static const char *const ends[]   = {"_fraction", "_share", "_kg"};
    const size_t             len      = strlen(key);

    for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++)
        if (strncmp(key, starts[i], strlen(starts[i])) == 0)
            return true;
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        const size_t n = strlen(ends[i]);
        if (len > n && strcmp(key + len - n, ends[i]) == 0)
            return true;
    }
    return false;
}

static bool is_whole(double v)
{
    return isfinite(v) && !(v > floor(v));
}

/* A plain whole number in a whole range counts something; a share at one of its ends is a switch. */
static bool is_count_or_switch(const sei_param *row, double value)
{
    if (row->unit && row->unit[0])
        return false;
    const bool at_end = value <= row->lower || value >= row->upper;
    return is_whole(value) && is_whole(row->lower) && is_whole(row->upper) &&
           (row->upper > 1.0 || at_end);
}

static bool is_default(const sei_param *row, double value)
{
    const double def = sei_param_si(row, row->def);

    return !isnan(row->def) && !(value < def) && !(value > def);
}

sei_prior sei_knob_row_prior(const sei_param *row, double value, const sei_site_note *note,
                             sei_knob_kind kind, sei_evidence *ret_evidence)
{
    const bool of_unit = kind == SEI_KNOB_UNIT || kind == SEI_KNOB_LAYER;
    const bool assumed = note && note->kind == SEI_NOTE_ASSUMED;
    const bool given   = note || !is_default(row, value);

    *ret_evidence = !given ? row->evidence : assumed ? SEI_ASSUMED : SEI_PUBLISHED;
    if (!isfinite(value) || is_count_or_switch(row, value) || strcmp(row->key, "air_fraction") == 0)
        return fixed(value); /* what the air is made of is known */
    if (of_unit && (is_design(row->key) || (given && !assumed)))
        return fixed(value);
    return sei_prior_of_param(row, value, *ret_evidence);
}

/* ---- boundaries ------------------------------------------------------------------------------- */

/* Spread of the mean of a mine water over years that a few analyses stand for: an assumption, the
 * smaller one for values with a source or without a mark, the larger one for those marked assumed. */
static const struct {
    double factor, ph, temp_k, air_k;
} known = {1.15, 0.1, 0.5, 1.0}, guessed = {1.5, 0.3, 1.5, 2.0};

static sei_prior normal(double sd)
{
    return (sei_prior){
        .kind = SEI_PRIOR_NORMAL, .b = sd, .lower = -(double)INFINITY, .upper = (double)INFINITY};
}

static bool is_assumed(const sei_site_note *note, sei_evidence *ret_evidence)
{
    const bool assumed = note && note->kind == SEI_NOTE_ASSUMED;

    *ret_evidence = assumed ? SEI_ASSUMED : SEI_PUBLISHED;
    return assumed;
}

sei_prior sei_knob_influent_prior(const sei_quantity *q, bool is_shifted, const sei_site_note *note,
                                  sei_evidence *ret_evidence)
{
    const bool assumed = is_assumed(note, ret_evidence);

    if (!is_shifted)
        return sei_prior_log_normal(1.0, assumed ? guessed.factor : known.factor);
    if (strcmp(q->key, "ph") == 0)
        return normal(assumed ? guessed.ph : known.ph);
    if (strcmp(q->key, "temp") == 0)
        return normal(assumed ? guessed.temp_k : known.temp_k);
    return fixed(0.0);
}

sei_prior sei_knob_share_prior(double value, const sei_site_note *note, sei_evidence *ret_evidence)
{
    const double factor =
        sei_prior_factor(is_assumed(note, ret_evidence) ? SEI_ASSUMED : SEI_PUBLISHED);

    return value > 0.0 && value < 1.0 ? sei_prior_share_of(value, factor, 0.0, 1.0) : fixed(value);
}

sei_prior sei_knob_air_prior(const sei_site_note *note, sei_evidence *ret_evidence)
{
    return normal(is_assumed(note, ret_evidence) ? guessed.air_k : known.air_k);
}

/* ---- as the file gives it --------------------------------------------------------------------- */

static double terms(const sei_knob *k, double shown)
{
    return k->row ? sei_param_si(k->row, shown) : (shown - k->offset) / k->scale;
}

static double bound(const sei_knob *k, double shown, double none)
{
    return isnan(shown) ? none : terms(k, shown);
}

sei_prior sei_knob_listed_prior(const sei_knob *k, const sei_uncertain_number *u)
{
    sei_prior p = {.kind = u->kind, .lower = k->lower, .upper = k->upper};

    if (u->kind == SEI_PRIOR_FIXED)
        return fixed(k->value);
    p.lower = fmax(k->lower, bound(k, u->lower, -(double)INFINITY));
    p.upper = fmin(k->upper, bound(k, u->upper, (double)INFINITY));
    switch (u->kind) {
    case SEI_PRIOR_FIXED: break;
    case SEI_PRIOR_UNIFORM:
    case SEI_PRIOR_LOG_UNIFORM:
        p.a = p.lower;
        p.b = p.upper;
        break;
    case SEI_PRIOR_TRIANGULAR:
        p.a = p.lower;
        p.m = terms(k, u->mode);
        p.b = p.upper;
        break;
    case SEI_PRIOR_NORMAL:
        p.a = 0.5 * (terms(k, u->p10) + terms(k, u->p90));
        p.b = (terms(k, u->p90) - terms(k, u->p10)) / (2.0 * z90);
        break;
    case SEI_PRIOR_LOGIT_NORMAL: {
        const double low = terms(k, u->p10), high = terms(k, u->p90);
        const bool   ok = low > p.lower && high < p.upper && isfinite(p.lower) && isfinite(p.upper);
        const double odds_low  = (low - p.lower) / (p.upper - low);
        const double odds_high = (high - p.lower) / (p.upper - high);
        const double odds      = sqrt(odds_low * odds_high);
        p.a                    = ok ? (p.lower + p.upper * odds) / (1.0 + odds) : p.lower;
        p.b                    = ok ? log(odds_high / odds_low) / (2.0 * z90) : 0.0;
        break;
    }
    case SEI_PRIOR_LOG_NORMAL: {
        const double low = terms(k, u->p10), high = terms(k, u->p90);
        const bool   ok = low > 0.0 && high > 0.0;
        p.a             = ok ? sqrt(low * high) : 0.0;
        p.b             = ok ? log(high / low) / (2.0 * z90) : 0.0;
        break;
    }
    }
    return p;
}
