/** The step of zi2zi's PyTorch ports: the discriminator once, the generator once or twice. */
import type { Tensor } from 'isotorch';
import { frozen, type Iteration, type Phase, type Values } from '../../train';
import type { Codes } from './losses';
import { ABOUT, again, batchFor, type GlyphBatch, judged, type Zi2ziParts } from './parts';

/** What the parts of one step hand on. */
interface Between extends GlyphBatch {
  fake: Tensor;
  codes: Codes;
}

/** The phases of a step. */
export function portedPhases(parts: Zi2ziParts): Phase<readonly Tensor[]>[] {
  const { generator, discriminator, optimizer_G, optimizer_D, losses, port } = parts;
  let now: Between;

  const forward = (batch: GlyphBatch): void => {
    const [fake, code] = generator(batch.source, batch.labels);
    now = { ...batch, fake, codes: [code, generator.encode(fake)] };
  };

  async function trainD(it: Iteration<readonly Tensor[]>): Promise<Values> {
    forward(await batchFor(parts, it));
    optimizer_D.zero_grad();
    const real = judged(parts, now.source, now.target);
    const values = losses.discriminator(real, judged(parts, now.source, now.fake.detach()), now.labels);
    values.d_loss.backward();
    it.update(optimizer_D);
    return { ...values };
  }

  function trainG(it: Iteration<readonly Tensor[]>): Values {
    optimizer_G.zero_grad();
    const judgement = frozen(discriminator, () => judged(parts, now.source, now.fake));
    const { g_loss, ...terms } = losses.generator(judgement, now, now.codes, now.labels);
    g_loss.backward();
    it.update(optimizer_G);
    return { g_loss, ...terms };
  }

  const first: Phase<readonly Tensor[]>[] = [
    { name: 'D', about: ABOUT.D, run: trainD },
    { name: 'G', about: ABOUT.G, run: trainG },
  ];
  if (port.generator_steps === 1) return first;
  const second: Phase<readonly Tensor[]> = {
    name: 'G again',
    about: ABOUT.again,
    run(it) {
      forward(now);
      return again(trainG(it));
    },
  };
  return [...first, second];
}
