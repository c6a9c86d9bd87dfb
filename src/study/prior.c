/* prior.c - distributions of uncertain numbers */
#include "study/prior.h"

#include <math.h>
#include <string.h>

#include "num/philox.h"

/* z of the 90th percentile of the standard normal distribution */
static const double z90 = 1.2815515655446004;

static const struct {
    double factor, share;
} widths[] = {
    /* No source at hand gives the spread of these constants at mine sites. The steps are an
     * assumption that keeps their order: P90 is 1.2 times a value that was read in a source, 1.5
     * times one worked out from sourced figures, twice one from general knowledge. */
    [SEI_PUBLISHED] = {1.2, 0.25},
    [SEI_INFERRED]  = {1.5, 0.50},
    [SEI_ASSUMED]   = {2.0, 1.00},
};

double sei_prior_factor(sei_evidence evidence)
{
    return widths[evidence].factor;
}

double sei_prior_share(sei_evidence evidence)
{
    return widths[evidence].share;
}

const char *sei_prior_word(sei_prior_kind kind)
{
    switch (kind) {
    case SEI_PRIOR_FIXED: return "fixed";
    case SEI_PRIOR_UNIFORM: return "uniform";
    case SEI_PRIOR_LOG_UNIFORM: return "log_uniform";
    case SEI_PRIOR_NORMAL: return "normal";
    case SEI_PRIOR_LOG_NORMAL: return "log_normal";
    case SEI_PRIOR_TRIANGULAR: return "triangular";
    case SEI_PRIOR_LOGIT_NORMAL: return "logit_normal";
    }
    return "";
}

sei_prior sei_prior_log_normal(double median, double factor)
{
    return (sei_prior){.kind  = SEI_PRIOR_LOG_NORMAL,
                       .a     = median,
                       .b     = log(factor) / z90,
                       .lower = 0.0,
                       .upper = (double)INFINITY};
}

sei_prior sei_prior_share_of(double median, double factor, double lower, double upper)
{
    return (sei_prior){.kind  = SEI_PRIOR_LOGIT_NORMAL,
                       .a     = median,
                       .b     = log(factor) / z90,
                       .lower = lower,
                       .upper = upper};
}

/* A share of a whole: a plain number within 0 and 1 that may be half or more (ratios of elements, which may not, are none). */
static bool is_share(const sei_param *row)
{
    const double half = 0.5, whole = 1.0;

    return row->transform == SEI_LINEAR && !(row->unit && row->unit[0]) && row->lower >= 0.0 &&
           row->upper >= half && row->upper <= whole;
}

/* A pH and other logarithms: a factor on them means nothing, and they may be 0 or below. */
static bool is_logarithm(const char *key)
{
    static const char *const starts[] = {"ph_", "log10_"}, *const ends[] = {"set_ph", "_log"};
    const size_t len = strlen(key);

    if (strcmp(key, "ph") == 0)
        return true;
    for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++)
        if (strncmp(key, starts[i], strlen(starts[i])) == 0)
            return true;
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
        if (len >= strlen(ends[i]) && strcmp(key + len - strlen(ends[i]), ends[i]) == 0)
            return true;
    return false;
}

sei_prior sei_prior_of_param(const sei_param *row, double value, sei_evidence evidence)
{
    const double low = sei_param_si(row, row->lower), high = sei_param_si(row, row->upper);
    const double share = widths[evidence].share;
    const double skew =
        3.0; /* so much more room above a value than below it: a factor, no distance */

    if (!(fabs(value) > 0.0) || !(high > low) || !(value >= low && value <= high))
        return (sei_prior){.kind = SEI_PRIOR_FIXED, .a = value};
    if (is_share(row) && value > low && value < high)
        return sei_prior_share_of(value, widths[evidence].factor, low, high);
    if (value > 0.0 && low >= 0.0 && !is_logarithm(row->key) &&
        (row->transform == SEI_LOG || high - value > skew * (value - low))) {
        sei_prior p = sei_prior_log_normal(value, widths[evidence].factor);
        p.lower     = low;
        p.upper     = high;
        return p;
    }
    /* Symmetric, so that the value is the median here too: a lopsided range would move the whole
     * ensemble away from the run with the file's numbers. */
    const double half = share * fmin(value - low, high - value);
    if (!(half > 0.0)) /* at one end of its range */
        return (sei_prior){.kind = SEI_PRIOR_FIXED, .a = value};
    return (sei_prior){.kind  = SEI_PRIOR_TRIANGULAR,
                       .a     = value - half,
                       .m     = value,
                       .b     = value + half,
                       .lower = low,
                       .upper = high};
}

static const char *problem_of_share(const sei_prior *p)
{
    if (!(isfinite(p->lower) && isfinite(p->upper)))
        return "lower and upper are missing";
    if (!(p->lower < p->a && p->a < p->upper))
        return "p10 and p90 must lie between lower and upper";
    return p->b > 0.0 ? NULL : "p10 must be below p90";
}

static const char *problem_of(const sei_prior *p)
{
    switch (p->kind) {
    case SEI_PRIOR_FIXED: break;
    case SEI_PRIOR_UNIFORM: return p->a < p->b ? NULL : "lower must be below upper";
    case SEI_PRIOR_LOG_UNIFORM:
        return p->a > 0.0 && p->a < p->b ? NULL : "lower must be above 0 and below upper";
    case SEI_PRIOR_TRIANGULAR:
        return p->a <= p->m && p->m <= p->b && p->a < p->b
                   ? NULL
                   : "mode must lie between lower and upper";
    case SEI_PRIOR_LOG_NORMAL:
        if (!(p->a > 0.0))
            return "p10 must be above 0";
        return p->b > 0.0 ? NULL : "p10 must be below p90";
    case SEI_PRIOR_LOGIT_NORMAL: return problem_of_share(p);
    case SEI_PRIOR_NORMAL: return p->b > 0.0 ? NULL : "p10 must be below p90";
    }
    return NULL;
}

bool sei_prior_is_valid(const sei_prior *p, const char **ret_why)
{
    const bool  is_number = isfinite(p->a) && isfinite(p->b) && isfinite(p->m);
    const char *why       = is_number ? problem_of(p) : "a number of it is missing";

    if (why && ret_why)
        *ret_why = why;
    return !why;
}

/* z of a normal variate that is cut at both ends, by the share p of what is left. */
static double cut_normal(double p, double z_low, double z_high)
{
    const double low = isinf(z_low) ? 0.0 : sei_normal_cdf(z_low);
    const double up  = isinf(z_high) ? 1.0 : sei_normal_cdf(z_high);
    const double q   = low + p * (up - low);

    return sei_normal_quantile(fmin(fmax(q, 1e-300), 1.0 - 0x1p-53));
}

static double triangular(const sei_prior *d, double p)
{
    const double width = d->b - d->a, left = d->m - d->a;

    return p * width <= left ? d->a + sqrt(p * width * left)
                             : d->b - sqrt((1.0 - p) * width * (d->b - d->m));
}

/* v = (lower + upper x)/(1 + x), x: odds between the ends. */
static double logit_normal(const sei_prior *d, double p)
{
    const double odds = (d->a - d->lower) / (d->upper - d->a) * exp(d->b * sei_normal_quantile(p));

    return isinf(odds) ? d->upper : d->lower + (d->upper - d->lower) * (odds / (1.0 + odds));
}

/* The cut holds to the bit: rounding may put a quantile beyond it. */
static double within(const sei_prior *d, double v)
{
    return fmin(fmax(v, d->lower), d->upper);
}

double sei_prior_quantile(const sei_prior *d, double p)
{
    switch (d->kind) {
    case SEI_PRIOR_FIXED: return d->a;
    case SEI_PRIOR_UNIFORM: return d->a + p * (d->b - d->a);
    case SEI_PRIOR_LOG_UNIFORM: return d->a * pow(d->b / d->a, p);
    case SEI_PRIOR_TRIANGULAR: return triangular(d, p);
    case SEI_PRIOR_LOGIT_NORMAL: return within(d, logit_normal(d, p));
    case SEI_PRIOR_NORMAL:
        return within(
            d, d->a + d->b * cut_normal(p, (d->lower - d->a) / d->b, (d->upper - d->a) / d->b));
    case SEI_PRIOR_LOG_NORMAL:
        return within(d, d->a * exp(d->b * cut_normal(p, log(d->lower / d->a) / d->b,
                                                      log(d->upper / d->a) / d->b)));
    }
    return (double)NAN; /* no other kind */
}

double sei_prior_at(const sei_prior *prior, double z)
{
    return sei_prior_quantile(prior, sei_normal_cdf(z));
}

double sei_prior_z(const sei_prior *prior, double value)
{
    double low = -SEI_PRIOR_Z_MAX, high = SEI_PRIOR_Z_MAX;

    for (int i = 0; i < 60; i++) { /* quantiles rise with z */
        const double z = 0.5 * (low + high);
        if (sei_prior_at(prior, z) < value)
            low = z;
        else
            high = z;
    }
    return 0.5 * (low + high);
}
