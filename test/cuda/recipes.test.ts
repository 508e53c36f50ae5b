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

  it('moves parameters as the step itself, at each replay', async () => {
    const graph = () => new Place('cuda', true);
    // The first three steps run as they are, the fourth is recorded and is the first that is replayed.
    const [once, often] = [weightsOf(await train(4, graph())), weightsOf(await train(12, graph()))];
    const plain = weightsOf(await train(12, new Place('cuda', true, null)));
    for (const [i, norm] of often.entries()) {
      const moved = plain[i]! - once[i]!;
      expect(Math.abs(moved)).toBeGreaterThan(0);
      expect(Math.abs(norm - plain[i]!)).toBeLessThan(0.1 * Math.abs(moved));
    }
  });
});
