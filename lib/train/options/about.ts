/** What is said of a recipe before it is loaded. */
import type { SessionOptions } from './common';
import type { OptionTable } from './option';

/** What is said of a recipe; a file of its own, which does not start libtorch, so that help and refusals come at once. */
export interface RecipeAbout<Table extends OptionTable = OptionTable> {
  /** As on the command line: `split-joint`. */
  readonly name: string;
  /** What it trains, in one sentence. */
  readonly summary: string;
  /** The document, paper or code that it follows. */
  readonly source: string;
  readonly options: Table;
  /** The session's defaults that are others here. */
  readonly session?: Partial<SessionOptions>;
}

/** Keeps the types of a recipe's options. */
export function aboutRecipe<const Table extends OptionTable>(about: RecipeAbout<Table>): RecipeAbout<Table> {
  return about;
}
