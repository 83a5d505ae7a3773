import { z } from 'zod';
import { importModes, namedShape, typedName } from './selection-shapes.ts';
import { runOrderShape, targetShape } from './shapes.ts';

/* Recipes: runs that are kept under a name, with what is asked for at each use. */

/** An input that is asked for at each use. */
export const recipePromptShape = z.object({
  /** Name of the input. */
  input: z.string().min(1).max(300),
  /** What the person reads; the words of the DDL when empty. */
  label: z.string().max(200),
  /** What is in the field at first. None for inputs that the DDL calls sensitive. */
  default: z.json().optional(),
});
export type RecipePrompt = z.infer<typeof recipePromptShape>;

/** How the run goes over the fleet. */
export const recipeOptionsShape = runOrderShape
  .pick({ timeoutMs: true, deliveryMs: true, batch: true, rollout: true })
  .extend({
    /** So long after the start nodes that are away may get the request; at most 30 days. */
    waitMs: z
      .int()
      .positive()
      .max(30 * 86_400_000)
      .optional(),
  });

/** A recipe as it is written. */
export const recipeDraftShape = z.object({
  ...namedShape,
  agent: z.string().min(1).max(64),
  action: z.string().min(1).max(64),
  /** What is the same at each use. Never a sensitive input. */
  inputs: z.record(z.string().max(300), z.json()),
  prompts: z.array(recipePromptShape).max(200),
  /** Groups and presets are looked up at each use. */
  target: targetShape,
  options: recipeOptionsShape,
});
export type RecipeDraft = z.infer<typeof recipeDraftShape>;

export const recipeShape = recipeDraftShape.extend({ createdAtMs: z.number(), updatedAtMs: z.number() });
export type Recipe = z.infer<typeof recipeShape>;

/** Recipes as they are carried from one console to another. */
export const recipeDocumentShape = z.object({
  protocol: z.literal('muster.recipes.v1'),
  recipes: z.array(recipeDraftShape).max(10_000),
});
export type RecipeDocument = z.infer<typeof recipeDocumentShape>;

/** The calls about recipes. `presets.changes` tells when recipes change, too. Each may fail with `storage.*`. */
export const recipeEndpoints = {
  /** Every recipe, by name. */
  'recipes.list': { params: z.object({}), result: z.object({ recipes: z.array(recipeShape) }) },
  /**
   * Saves a new recipe, or with `previousName` changes the one of that name, which may get another. Faults: `recipe.invalid`,
   * `recipe.taken`, `recipe.unknown`, those of a filter.
   */
  'recipes.save': {
    params: z.object({ previousName: typedName.optional(), recipe: recipeDraftShape }),
    result: z.object({ recipe: recipeShape }),
  },
  /** Faults: `recipe.unknown`. */
  'recipes.remove': { params: z.object({ name: typedName }), result: z.object({}) },
  'recipes.export': { params: z.object({}), result: z.object({ document: recipeDocumentShape }) },
  /** Takes over all recipes of a document, or nothing. Faults name the entry: `recipe.malformed`. Counts as `presets.import` does. */
  'recipes.import': {
    // Looked at by the engine, which can name the entry that is wrong.
    params: z.object({ document: z.unknown(), mode: z.enum(importModes) }),
    result: z.object({ added: z.int(), replaced: z.int(), kept: z.int() }),
  },
} as const;
