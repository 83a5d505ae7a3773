export { filledInputs } from './fill-recipe.ts';
export { createRecipes } from './recipes.ts';
