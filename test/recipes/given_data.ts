/** Trainings of recipes on data that is given instead of opened. */
import { Generator, rand, type Tensor } from 'isotorch';
import { Dataset } from 'isotorch/utils/data';
import type { DataKind, OpenedData } from 'isotorch/data';
import { type AnyRecipe, Place, readOptionTable, runSteps, sessionOptions, type Training } from 'isotorch/train';

class Given extends Dataset<(Tensor | bigint)[]> {
  constructor(readonly samples: readonly (Tensor | bigint)[][]) {
    super();
  }

  __len__(): number {
    return this.samples.length;
  }

  override __getitem__(index: number): (Tensor | bigint)[] {
    return this.samples[index]!;
  }
}

/** `count` samples of random images with classes in turn. */
export function givenData(kind: DataKind, count: number, size: number, classes: readonly string[]): OpenedData {
  const generator = new Generator().manual_seed(1);
  const draw = () => rand([1, size, size], { generator }).mul(2).sub(1);
  const images = kind === 'glyphs' ? 2 : 1;
  const samples = Array.from({ length: count }, (_, i) => [
    ...Array.from({ length: images }, draw),
    BigInt(i % classes.length),
  ]);
  return {
    dataset: new Given(samples),
    description: {
      source: 'given',
      split: 'train',
      kind,
      channels: 1,
      size,
      range: [-1, 1],
      classes,
      count,
      decoded: true,
      ignored: [],
    },
    nameOf: String,
    identity: 'given',
  };
}

/** A recipe's training after some steps. */
export async function trainedOn(
  recipe: AnyRecipe,
  data: unknown,
  options: Readonly<Record<string, unknown>>,
  steps: number,
  place = new Place('cpu', false),
): Promise<Training<unknown>> {
  const session = readOptionTable(sessionOptions, {});
  const training = (await recipe.build({
    options: readOptionTable(recipe.options, options),
    data,
    place,
    session,
  })) as Training<unknown>;
  await runSteps(training, 0, steps);
  return training;
}
