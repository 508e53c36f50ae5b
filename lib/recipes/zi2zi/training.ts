/** zi2zi's step: the discriminator once, the generator once or twice. */
import { cat, type Tensor } from 'isotorch';
import type { Adam } from 'isotorch/optim';
import type { Zi2ziDiscriminator, Zi2ziGenerator } from '../../gan/networks';
import type { Iteration, Phase, Place, Values } from '../../train';
import type { Zi2ziLosses } from './losses';
import type { Port } from './ports';

/** Source, target, and the number of the target's style. */
type Parts = [source: Tensor, target: Tensor, labels: Tensor];

/** What is trained, and with what. */
export interface Zi2ziParts {
  readonly generator: Zi2ziGenerator;
  readonly discriminator: Zi2ziDiscriminator;
  readonly optimizer_G: Adam;
  readonly optimizer_D: Adam;
  readonly losses: Zi2ziLosses;
  readonly port: Port;
  readonly place: Place;
}

/** What the parts of one step hand on. */
interface Between {
  source: Tensor;
  target: Tensor;
  labels: Tensor;
  fake: Tensor;
  codes: { source: Tensor; fake: Tensor };
  /** The discriminator's loss, read only where a port weighs by it. */
  d_loss: number;
}

/** The phases of a step. */
export function zi2ziPhases(parts: Zi2ziParts): Phase<readonly Tensor[]>[] {
  const { generator, discriminator, optimizer_G, optimizer_D, losses, port, place } = parts;
  let now: Between;

  const forward = (): void => {
    const [fake, code] = generator(now.source, now.labels);
    now.fake = fake;
    now.codes = { source: code, fake: generator.encode(fake) };
  };
  const judge = (right: Tensor, detached = false) => {
    const pair = cat([now.source, right], 1);
    return discriminator(detached ? pair.detach() : pair);
  };

  async function trainD(it: Iteration<readonly Tensor[]>): Promise<Values> {
    const [source, target, labels] = (await it.next()).map((part) => place.tensor(part)) as Parts;
    now = { source, target, labels } as Between;
    forward();
    discriminator.requires_grad_(true);
    optimizer_D.zero_grad();
    const { d_loss, category_loss } = losses.discriminator(judge(target), judge(now.fake, true), labels);
    d_loss.backward();
    if (!port.together) it.update(optimizer_D);
    now.d_loss = port.adversarial === undefined ? Number.NaN : Number(d_loss.item());
    return { d_loss, category_loss };
  }

  function trainG(it: Iteration<readonly Tensor[]>): Values {
    discriminator.requires_grad_(false);
    optimizer_G.zero_grad();
    const { g_loss, ...terms } = losses.generator(judge(now.fake), now, now.codes, now.labels, now.d_loss);
    g_loss.backward();
    if (port.together) it.update(optimizer_D);
    it.update(optimizer_G);
    return { g_loss, ...terms };
  }

  const first: Phase<readonly Tensor[]>[] = [
    { name: 'D', about: 'tells pairs with targets from pairs with fakes, and which style it is', run: trainD },
    { name: 'G', about: 'comes near the target, fools D, keeps the encoding', run: trainG },
  ];
  if (port.generator_steps === 1) return first;
  const again: Phase<readonly Tensor[]> = {
    name: 'G again',
    about: 'the same with a new fake, against the discriminator as it is now',
    run(it) {
      forward();
      return Object.fromEntries(Object.entries(trainG(it)).map(([name, value]) => [`${name}_again`, value]));
    },
  };
  return [...first, again];
}
