/* run_basic.c - rates and other programs in BASIC: compiled when they are needed, run at a view */
#include <math.h>
#include <string.h>

#include "phreeqc/run_impl.h"

/* Interval that a rate program is asked for: long enough for its digits, short beside any step (s). */
static const double rate_probe_s = 1.0;

sei_status pq_compile(pq_runner *r, const sei_pq_text *text, sei_basic_program **ret_program,
                      sei_basic_vm **ret_vm)
{
    sei_basic_program *program = NULL;
    sei_basic_vm      *vm      = NULL;
    sei_buf            buf;

    sei_buf_init(&buf, r->ctx, SEI_BASIC_TEXT_MAX);
    for (size_t i = 0, at = text->lines[0].where.line; i < text->n; i++) {
        for (; at < text->lines[i].where.line; at++)
            sei_buf_putc(&buf, '\n');
        if (i > 0 && text->lines[i - 1].where.line == text->lines[i].where.line)
            sei_buf_putc(&buf, ';');
        sei_buf_puts(&buf, text->lines[i].text);
    }
    sei_status st = buf.status;
    if (st == SEI_OK)
        st = sei_basic_compile(r->ctx, text->lines[0].where.file, text->lines[0].where.line,
                               buf.text, buf.len, &program);
    if (st == SEI_OK)
        st = sei_basic_vm_create(r->ctx, program, &vm);
    sei_buf_done(&buf);
    if (st != SEI_OK) {
        sei_basic_free(program);
        return st;
    }
    *ret_program = program;
    *ret_vm      = vm;
    return SEI_OK;
}

/* ------------------------------------------------------------------ rates */

sei_status pq_add_rates(pq_runner *r, const sei_pq_rates *rates, bool are_values)
{
    pq_rate *grown = sei_resize(r->ctx, r->rates, r->n_rates + rates->n + 1, sizeof *grown);

    if (!grown)
        return SEI_E_NOMEM;
    r->rates = grown;
    for (size_t i = 0; i < rates->n; i++)
        r->rates[r->n_rates++] = (pq_rate){.def = &rates->rates[i], .is_value = are_values};
    return SEI_OK;
}

void pq_free_rates(pq_runner *r)
{
    for (size_t i = 0; i < r->n_rates; i++) {
        sei_basic_vm_free(r->rates[i].vm);
        sei_basic_free(r->rates[i].program);
    }
    sei_release(r->ctx, r->rates);
}

/* The last one of that name; SIZE_MAX: none. */
static size_t find_program(const pq_runner *r, const char *name, bool is_value)
{
    size_t i = r->n_rates;

    while (i > 0 && (r->rates[i - 1].is_value != is_value ||
                     !sei_equal_nocase(r->rates[i - 1].def->name, name)))
        i--;
    return i == 0 ? SIZE_MAX : i - 1;
}

sei_status pq_find_rate(pq_runner *r, const sei_where *where, const char *name, size_t *ret_rate)
{
    const size_t i = find_program(r, name, false);

    if (i == SIZE_MAX)
        return sei_fail(r->ctx, SEI_E_NOT_FOUND, where,
                        "KINETICS: rate \"%s\" is defined neither in the input nor in %s", name,
                        sei_db_name(r->db));
    pq_rate *rate = &r->rates[i];
    *ret_rate     = i;
    if (rate->vm)
        return SEI_OK;
    const sei_status st = pq_compile(r, &rate->def->basic, &rate->program, &rate->vm);
    if (st == SEI_OK && !sei_basic_has_save(rate->program))
        return sei_fail(r->ctx, SEI_E_MISSING, &rate->def->where, "RATES: rate %s has no SAVE",
                        rate->def->name);
    if (st != SEI_OK)
        return st;
    for (size_t k = 0; k < sei_basic_n_uses(rate->program); k++) {
        const sei_basic_function f = sei_basic_use_at(rate->program, k)->function;
        rate->is_timed = rate->is_timed || f == SEI_BASIC_TOTAL_TIME || f == SEI_BASIC_SIM_TIME;
    }
    return pq_create_lookups(r, rate);
}

sei_status pq_calculate(pq_runner *r, const char *name, double *ret_number)
{
    const size_t i = find_program(r, name, true);

    if (i == SIZE_MAX)
        return sei_fail(r->ctx, SEI_E_NOT_FOUND, NULL,
                        "\"%s\" is not defined by CALCULATE_VALUES of the input or the database",
                        name);
    pq_rate *value = &r->rates[i];
    if (value->is_running)
        return sei_fail(r->ctx, SEI_E_RANGE, &value->def->where,
                        "CALCULATE_VALUES: %s asks for itself", value->def->name);
    sei_status st =
        value->vm ? SEI_OK : pq_compile(r, &value->def->basic, &value->program, &value->vm);
    if (st != SEI_OK)
        return st;
    pq_lookup *caller = r->lookups;
    r->lookups        = NULL; /* those are of the program that asks */
    value->is_running = true;
    st                = sei_basic_run(value->vm, &r->host);
    value->is_running = false;
    r->lookups        = caller;
    if (st == SEI_OK && !sei_basic_saved(value->vm, ret_number))
        st = sei_fail(r->ctx, SEI_E_MISSING, &value->def->where, "CALCULATE_VALUES: %s has no SAVE",
                      value->def->name);
    return st;
}

sei_status pq_rates_of(void *user, sei_ctx *ctx, double time_s, const sei_react_state *state,
                       const double m[], double ret_rate[])
{
    pq_runner *r  = user;
    pq_view   *v  = &r->view;
    sei_status st = SEI_OK;

    (void)ctx; /* the machines have a context of their own */
    v->eq          = sei_react_equil(r->work);
    v->water_kg    = state->water_kg;
    v->sorbed_mol  = state->sorbed_mol;
    v->react_state = state;
    v->m           = m;
    v->rate_time_s = fmin(rate_probe_s, v->kin_time_s);
    v->time_s      = r->kinetic_start_s + time_s;
    for (size_t i = 0; i < v->kinetics->def->n && st == SEI_OK; i++) {
        double moles  = 0.0;
        v->reactant   = i;
        pq_rate *rate = &r->rates[v->kinetics->rate[i]];
        r->lookups    = rate->lookups;
        st            = sei_basic_run(rate->vm, &r->host);
        r->lookups    = NULL;
        if (st == SEI_OK && !sei_basic_saved(rate->vm, &moles))
            moles = 0.0;
        ret_rate[i] = moles / v->rate_time_s;
    }
    return st;
}
