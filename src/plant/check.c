/* check.c - names, parameters and layers of a plant's units against their rows */
#include <math.h>
#include <string.h>

#include "plant/assembly.h"
#include "plant/unit_type.h"

const sei_where *sei_unit_where(const sei_unit_spec *spec)
{
    return spec->where.file ? &spec->where : NULL;
}

/* `part` is "" or names the layer: " layer \"bran\"". */
static sei_status check_value(sei_ctx *ctx, const sei_unit_spec *spec, const char *layer,
                              const sei_param *row, double value_si)
{
    const double value  = sei_param_from_si(row, value_si);
    const double slack  = 1e-9 * fmax(fabs(row->lower), fabs(row->upper));
    const char  *of     = layer ? " layer " : "";
    const char  *quoted = layer ? layer : "";

    if (isnan(value_si))
        return sei_fail(ctx, SEI_E_MISSING, sei_unit_where(spec), "unit \"%s\"%s%s: give %s (%s)",
                        spec->name, of, quoted, row->key, row->help);
    if (!(value >= row->lower - slack && value <= row->upper + slack))
        return sei_fail(ctx, SEI_E_RANGE, sei_unit_where(spec),
                        "unit \"%s\"%s%s: %s = %g is outside %g..%g", spec->name, of, quoted,
                        row->key, value, row->lower, row->upper);
    return SEI_OK;
}

static sei_status check_layers(sei_ctx *ctx, const sei_unit_spec *spec)
{
    const sei_unit_type *type = spec->type;

    if (type->n_layer_params == 0 && spec->n_layers > 0)
        return sei_fail(ctx, SEI_E_KEY, sei_unit_where(spec),
                        "unit \"%s\": a %s has no layers; remove them", spec->name, type->key);
    if (type->n_layer_params > 0 && spec->n_layers == 0)
        return sei_fail(ctx, SEI_E_MISSING, sei_unit_where(spec),
                        "unit \"%s\": a %s needs at least one layer", spec->name, type->key);
    for (size_t k = 0; k < spec->n_layers; k++) {
        const sei_layer_spec *layer = &spec->layers[k];
        if (!layer->name || !layer->name[0])
            return sei_fail(ctx, SEI_E_MISSING, sei_unit_where(spec),
                            "unit \"%s\": layer %zu has no name", spec->name, k + 1);
        for (size_t i = 0; i < type->n_layer_params; i++) {
            const sei_status st =
                check_value(ctx, spec, layer->name, &type->layer_params[i], layer->params[i]);
            if (st != SEI_OK)
                return st;
        }
    }
    return SEI_OK;
}

static sei_status check_name(sei_ctx *ctx, const sei_plant *plant, size_t u)
{
    const sei_unit_spec *spec = &plant->spec.units[u];

    if (!spec->name || !spec->name[0])
        return sei_fail(ctx, SEI_E_MISSING, sei_unit_where(spec), "unit %zu has no name", u + 1);
    for (size_t b = 0; b < plant->spec.n_inflows; b++)
        if (strcmp(spec->name, plant->inflow_names[b]) == 0)
            return sei_fail(ctx, SEI_E_DUPLICATE, sei_unit_where(spec),
                            "unit \"%s\" has the name of an inflow: give it another one",
                            spec->name);
    for (size_t v = 0; v < u; v++)
        if (strcmp(spec->name, plant->spec.units[v].name) == 0)
            return sei_fail(ctx, SEI_E_DUPLICATE, sei_unit_where(spec),
                            "two units have the name \"%s\": rename one", spec->name);
    return SEI_OK;
}

sei_status sei_plant_check_units(sei_ctx *ctx, const sei_plant *plant)
{
    for (size_t u = 0; u < plant->spec.n_units; u++) {
        const sei_unit_spec *spec = &plant->spec.units[u];
        sei_status           st   = check_name(ctx, plant, u);

        for (size_t i = 0; st == SEI_OK && i < spec->type->n_params; i++)
            st = check_value(ctx, spec, NULL, &spec->type->params[i], spec->params[i]);
        if (st == SEI_OK)
            st = check_layers(ctx, spec);
        if (st != SEI_OK)
            return st;
    }
    return SEI_OK;
}
