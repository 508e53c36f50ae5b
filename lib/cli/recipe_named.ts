/** A recipe by its name on the command line. Does not start libtorch. */
import { type RecipeEntry, recipes } from '../recipes/table';
import { suggestion } from '../train/options';
import { UserError } from './user_error';

/** The entry of a recipe. @throws UserError with the nearest name */
export function recipeNamed(name: string): RecipeEntry {
  const entry = recipes.find(({ about }) => about.name === name);
  if (entry !== undefined) return entry;
  const names = recipes.map(({ about }) => about.name);
  throw new UserError(`there is no recipe ${name}.${suggestion(name, names)} All recipes: isotorch recipes`);
}
