/** All recipes: what is said of each, and how it is loaded. Nothing here starts libtorch. */
import type { RecipeAbout } from '../train/options';
import type { AnyRecipe } from '../train';
import { about as combined } from './combined/options';
import { about as splitJoint } from './split_joint/options';
import { about as bicycleDoc } from './bicycle_doc/options';
import { about as bicyclegan } from './bicyclegan/options';
import { about as stylegan } from './stylegan/options';
import { about as stylegan2 } from './stylegan2/options';
import { about as zi2zi } from './zi2zi/options';

/** A recipe that is loaded when it is asked for. */
export interface RecipeEntry {
  readonly about: RecipeAbout;
  load(): Promise<AnyRecipe>;
}

/** A recipe by its name, in the order in which they are listed. */
export const recipes: readonly RecipeEntry[] = [
  { about: splitJoint, load: async () => (await import('./split_joint/recipe.js')).splitJoint },
  { about: combined, load: async () => (await import('./combined/recipe.js')).combined },
  { about: zi2zi, load: async () => (await import('./zi2zi/recipe.js')).zi2zi },
  { about: bicycleDoc, load: async () => (await import('./bicycle_doc/recipe.js')).bicycle_doc },
  { about: bicyclegan, load: async () => (await import('./bicyclegan/recipe.js')).bicyclegan },
  { about: stylegan, load: async () => (await import('./stylegan/recipe.js')).stylegan },
  { about: stylegan2, load: async () => (await import('./stylegan2/recipe.js')).stylegan2 },
];
