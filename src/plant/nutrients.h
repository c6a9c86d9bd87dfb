/*
 * nutrients.h - nitrogen and phosphorus of organic media
 *
 * A medium's carbon is a pool ("bran", as CH2O); its nitrogen and phosphorus are two more ("bran_n", "bran_p"), which
 * the model has only when a site wants them. Nothing here happens when it does not.
 */
#ifndef SEI_PLANT_NUTRIENTS_H
#define SEI_PLANT_NUTRIENTS_H

#include "plant/builder.h"

/* own_laws of a unit with bran and husk; of one with compost */
#define SEI_NITROGEN_LAWS "nitrification", "denitrification"
#define SEI_BED_NUTRIENT_LAWS \
    "release-bran-n", "release-bran-p", "release-husk-n", "release-husk-p", SEI_NITROGEN_LAWS
#define SEI_COMPOST_NUTRIENT_LAWS "release-compost-n", "release-compost-p", SEI_NITROGEN_LAWS
#define SEI_GROWTH_NUTRIENT_LAWS  "assimilation-n", "assimilation-p"

/* In a kg of dry medium. */
typedef struct {
    double n_kg_kg, p_kg_kg;
} sei_nutrient_content;

/* What kg of a medium bring into a cell; pool: "bran". */
SEI_CHECKED sei_status sei_nutrients_add(sei_ctx *ctx, sei_plant_builder *builder, size_t cell,
                                         const char *pool, const sei_nutrient_content *content,
                                         double kg);
/* For later additions of the medium: they bring its nutrients too. */
SEI_CHECKED sei_status sei_nutrients_medium(sei_ctx *ctx, sei_plant_builder *builder,
                                            const char *pool, const sei_nutrient_content *content);
/* Bacteria that a bed starts with hold their share of the nutrients; mol of their carbon. */
SEI_CHECKED sei_status sei_nutrients_of_bacteria(sei_ctx *ctx, sei_plant_builder *builder,
                                                 size_t cell, double mol);

#endif
