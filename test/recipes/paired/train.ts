/** Trains a paired recipe on random pairs, in this process. */
import * as torch from 'isotorch';
import { recipes } from 'isotorch/recipes';
import { type AnyRecipe, Place, readOptionTable, runSteps, sessionOptions, type Training } from 'isotorch/train';
import { TensorDataset } from 'isotorch/utils/data';

/** A recipe by its name. */
export const recipeOf = (name: string): Promise<AnyRecipe> => recipes.find(({ about }) => about.name === name)!.load();

/** The training that a recipe makes of `count` random pairs. */
export async function trainingOf(
  recipe: AnyRecipe,
  given: Record<string, unknown>,
  count = 8,
): Promise<Training<readonly torch.Tensor[]>> {
  const options = readOptionTable(recipe.options, given) as Record<string, unknown> & { image_size: number };
  const size = (options.load_size as number) || options.image_size;
  torch.manual_seed(0);
  torch.random.python.seed(0);
  const side = () =>
    torch
      .rand(count, options.channels as number, size, size)
      .mul(2)
      .sub(1);
  const [A, B] = [side(), side()] as const;
  const train = { dataset: new TensorDataset(A, B), description: { decoded: true, count, size } };
  const session = readOptionTable(sessionOptions, {});
  const data = { train, held: { A, B }, size: options.image_size };
  return recipe.build({ options, data, place: new Place('cpu', false), session }) as Promise<
    Training<readonly torch.Tensor[]>
  >;
}

/** Runs steps, and gives what the phases of each returned. */
export async function steps(training: Training<readonly torch.Tensor[]>, count: number) {
  const rows = Array.from({ length: count }, (): Record<string, number> => ({}));
  await runSteps(training, 0, count, {
    record(values, step) {
      for (const [name, value] of Object.entries(values)) rows[step]![name] = Number(value.item());
    },
  });
  return rows;
}

/** Bytes of a network's parameters and buffers. */
export const bytesOf = (net: unknown): string =>
  JSON.stringify(
    Object.entries((net as torch.nn.Module).state_dict()).map(([name, value]) => [
      name,
      (value as torch.Tensor).tolist(),
    ]),
  );
