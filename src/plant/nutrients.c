/* nutrients.c - nitrogen and phosphorus of organic media: pools beside the carbon of the medium */
#include "plant/nutrients.h"

#include <stdio.h>
#include <string.h>

#include "plant/assembly.h"
#include "plant/unit_type.h"

static const char *const laws[] = {SEI_BED_NUTRIENT_LAWS, SEI_COMPOST_NUTRIENT_LAWS,
                                   SEI_GROWTH_NUTRIENT_LAWS};

/* Moles of nitrogen and phosphorus for one of carbon in bacteria, C60H87O23N12P (metcalf2003). */
static const double n_per_c = 0.2, p_per_c = 1.0 / 60.0;

enum { NAME_MAX_BYTES = 32 };

bool sei_is_nutrient_law(const char *law)
{
    for (size_t i = 0; i < SEI_COUNT(laws); i++)
        if (strcmp(laws[i], law) == 0)
            return true;
    return false;
}

static bool pool_name(const sei_plant_builder *builder, const char *pool, char tail,
                      char ret_name[NAME_MAX_BYTES])
{
    const sei_model *model = builder->plant->spec.model;

    snprintf(ret_name, NAME_MAX_BYTES, "%s_%c", pool, tail);
    return sei_model_find_solid(model, ret_name) < sei_model_n_solids(model);
}

static double mol_of(const sei_plant_builder *builder, const char *element, double kg)
{
    return kg / (sei_db_formula_g_mol(sei_builder_db(builder), element) * 1e-3);
}

sei_status sei_nutrients_add(sei_ctx *ctx, sei_plant_builder *builder, size_t cell,
                             const char *pool, const sei_nutrient_content *content, double kg)
{
    char       name[NAME_MAX_BYTES];
    sei_status st = SEI_OK;

    if (pool_name(builder, pool, 'n', name))
        st = sei_builder_solid(ctx, builder, cell, name,
                               mol_of(builder, "N", kg * content->n_kg_kg));
    if (st == SEI_OK && pool_name(builder, pool, 'p', name))
        st = sei_builder_solid(ctx, builder, cell, name,
                               mol_of(builder, "P", kg * content->p_kg_kg));
    return st;
}

sei_status sei_nutrients_medium(sei_ctx *ctx, sei_plant_builder *builder, const char *pool,
                                const sei_nutrient_content *content)
{
    char       name[NAME_MAX_BYTES];
    sei_status st = SEI_OK;

    if (pool_name(builder, pool, 'n', name))
        st = sei_builder_medium(ctx, builder, name, mol_of(builder, "N", content->n_kg_kg));
    if (st == SEI_OK && pool_name(builder, pool, 'p', name))
        st = sei_builder_medium(ctx, builder, name, mol_of(builder, "P", content->p_kg_kg));
    return st;
}

sei_status sei_nutrients_of_bacteria(sei_ctx *ctx, sei_plant_builder *builder, size_t cell,
                                     double mol)
{
    char       name[NAME_MAX_BYTES];
    sei_status st = SEI_OK;

    if (pool_name(builder, "srb", 'n', name))
        st = sei_builder_solid(ctx, builder, cell, name, mol * n_per_c);
    if (st == SEI_OK && pool_name(builder, "srb", 'p', name))
        st = sei_builder_solid(ctx, builder, cell, name, mol * p_per_c);
    return st;
}
