// Steps that are recorded as one graph, with a recorder in CUDA's place that runs the phases again at each replay.
import * as torch from 'isotorch';
import type { Module } from 'isotorch/nn';
import { recipes } from 'isotorch/recipes';
import { Place, runSteps } from 'isotorch/train';
import { expect, it } from 'vitest';
import type { Recorder } from '../../../lib/train/captured_step';
import { givenData, trainedOn } from '../../recipes/given_data';

/** Records nothing: a replay runs the body, and its results take the place of those before. */
function imitation(): Recorder & { log: string[] } {
  const log: string[] = [];
  return {
    log,
    can: () => true,
    beside: (_, body) => body(),
    warm: (body) => {
      log.push('warm');
      return body();
    },
    record(body) {
      const results: unknown[] = [];
      const replay = (): void => {
        log.push('replay');
        results.splice(0, results.length, ...(body() as unknown[]));
      };
      return { result: results as never, replay };
    },
  };
}

const RECIPES = {
  combined: { kind: 'labelled', size: 16, options: { batch_size: 4, width: 2, latent_dim: 4, category_num: 3 } },
  'split-joint': { kind: 'images', size: 28, options: { batch_size: 4 } },
} as const;

async function train(name: keyof typeof RECIPES, recorder: Recorder | null, options = {}, steps = 6) {
  const { kind, size, options: small } = RECIPES[name];
  const recipe = await recipes.find(({ about }) => about.name === name)!.load();
  torch.manual_seed(3);
  const data = givenData(kind, 9, size, ['a', 'b', 'c']);
  return trainedOn(recipe, data, { ...small, ...options }, steps, new Place('cpu', true, recorder));
}

/** Everything that training moves. */
const stateOf = ({ objects }: Awaited<ReturnType<typeof train>>): Map<string, torch.Tensor> =>
  new Map(
    Object.entries(objects)
      .filter(([, object]) => 'parameters' in object)
      .flatMap(([name, net]) =>
        Object.entries((net as unknown as Module).state_dict()).map(([key, of]) => [`${name}.${key}`, of] as const),
      ),
  );

it.each(Object.keys(RECIPES) as (keyof typeof RECIPES)[])(
  '%s runs three steps as they are, replays the others, and trains the same',
  async (name) => {
    const recorder = imitation();
    const recorded = stateOf(await train(name, recorder));
    expect(recorder.log).toEqual(['warm', 'warm', 'warm', 'replay', 'replay', 'replay']);
    const plain = stateOf(await train(name, null));
    expect([...recorded.keys()]).toEqual([...plain.keys()]);
    for (const [key, value] of recorded) expect(torch.equal(value, plain.get(key)!), key).toBe(true);
  },
);

it('names the parameter whose gradient has no numbers, after the step', async () => {
  await expect(train('combined', imitation(), { lr: 1e38 })).rejects.toThrow(
    /^step \d: the gradient of (generator|discriminator)\.[\w.]+ has numbers that are not finite/,
  );
});

it('goes on from a snapshot of steps that were not recorded', async () => {
  const { objects } = await train('split-joint', null);
  const resumed = await train('split-joint', imitation(), {}, 0);
  const [there, here] = [objects, resumed.objects].map(
    ({ optimizer_generator }) => optimizer_generator as unknown as torch.optim.Adam,
  );
  expect(there!.param_groups[0]!.capturable).toBe(false);
  here!.load_state_dict(there!.state_dict());
  await runSteps(resumed, 6, 4);
  // CUDA refuses to record any other.
  expect(here!.param_groups[0]!.capturable).toBe(true);
});
