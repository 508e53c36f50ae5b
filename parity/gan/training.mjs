// A recipe's training without its run folder: made of given data, and trained for so many steps.
import * as torch from 'isotorch';
import { Place, readOptionTable, runSteps, sessionOptions } from 'isotorch/train';

/** Samples of the kind that recipes open. */
export class Samples extends torch.utils.data.Dataset {
  constructor(samples) {
    super();
    this.samples = samples;
  }

  __len__() {
    return this.samples.length;
  }

  __getitem__(index) {
    return this.samples[index];
  }
}

/** What `openForRecipe` gives, of tensors that are there. */
export function openedData(parts, labels, { kind, channels, size, classes }) {
  const count = parts[0].size(0);
  const samples = Array.from({ length: count }, (_, i) => [
    ...parts.map((part) => part.get(i)),
    ...(labels ? [BigInt(labels[i])] : []),
  ]);
  const description = {
    source: 'given',
    split: 'train',
    kind,
    channels,
    size,
    range: [-1, 1],
    classes,
    count,
    decoded: true,
    ignored: [],
  };
  return { dataset: new Samples(samples), description, nameOf: String, identity: 'given' };
}

/** The training after `steps` steps, and the last step's values. The streams are as the caller has seeded them. */
export async function trained(recipe, { data, options, steps }) {
  const session = readOptionTable(sessionOptions, {});
  const place = new Place('cpu', false);
  const training = await recipe.build({ options: readOptionTable(recipe.options, options), data, place, session });
  const values = {};
  const record = (given) => {
    for (const [name, value] of Object.entries(given)) values[name] = torch.keep(value.detach().clone());
  };
  await runSteps(training, 0, steps, { record });
  return { training, values };
}

/** What an optimizer holds: learning rates, and the state of each parameter. */
export function optimizerState(optimizer) {
  const { state, param_groups } = optimizer.state_dict();
  return { state, lr: param_groups.map((group) => group.lr) };
}
