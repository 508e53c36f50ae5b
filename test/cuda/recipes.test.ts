// Recipes in the fast way: a step that is recorded as one graph trains like the step itself.
import * as torch from 'isotorch';
import { recipes } from 'isotorch/recipes';
import { Place } from 'isotorch/train';
import { expect, it } from 'vitest';
import { givenData, trainedOn } from '../recipes/given_data';
import { describeGpu } from '../support/gpu';

describeGpu('combined, recorded', () => {
  const train = async (steps: number, place: Place) => {
    torch.manual_seed(3);
    const recipe = await recipes.find(({ about }) => about.name === 'combined')!.load();
    const options = { batch_size: 4, width: 8, latent_dim: 4, category_num: 3 };
    return trainedOn(recipe, givenData('labelled', 9, 16, ['a', 'b', 'c']), options, steps, place);
  };
  const weightsOf = ({ objects }: Awaited<ReturnType<typeof train>>) =>
    (objects.generator as unknown as torch.nn.Module).parameters().map((weight) => weight.double().norm().item());

  it('moves parameters as far as the step itself', async () => {
    const [recorded, plain] = [
      await train(12, new Place('cuda', true)),
      await train(12, new Place('cuda', true, null)),
    ];
    const expected = weightsOf(plain);
    for (const [i, norm] of weightsOf(recorded).entries()) expect(norm).toBeCloseTo(expected[i]!, 3);
  });
});
