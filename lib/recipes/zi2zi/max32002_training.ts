/** max32002's step: both networks are updated after both backward passes, so that the generator learns from the discriminator as it was. */
import type { Tensor } from 'isotorch';
import { frozen, type Iteration, type Phase, type Values } from '../../train';
import type { Codes } from './losses';
import { ABOUT, batchFor, type GlyphBatch, judged, type Zi2ziParts } from './parts';

/** What the parts of one step hand on. */
interface Between extends GlyphBatch {
  fake: Tensor;
  codes: Codes;
  /** Weight of the adversarial term. */
  adversarial: number;
}

/** The adversarial term is weaker where the discriminator wins or loses by far. */
export function adversarial_weight(d_loss: number): number {
  if (d_loss > 5) return 0.05;
  if (d_loss < 0.02) return 0.2;
  if (d_loss < 0.08) return 0.35;
  return d_loss < 0.2 ? 0.5 : 0.6;
}

/** The phases of a step. */
export function max32002Phases(parts: Zi2ziParts): Phase<readonly Tensor[]>[] {
  const { generator, discriminator, optimizer_G, optimizer_D, losses } = parts;
  let now: Between;

  async function trainD(it: Iteration<readonly Tensor[]>): Promise<Values> {
    const batch = await batchFor(parts, it);
    const { source, target, labels } = batch;
    const [fake, code] = generator(source, labels);
    // Also the target goes through the whole generator, which draws for its dropout, though only the encoding is used.
    const [, ofTarget] = generator(target, labels);
    optimizer_D.zero_grad();
    const ofFake = judged(parts, source, fake.detach());
    const values = losses.discriminator(judged(parts, source, target), ofFake, labels);
    values.d_loss.backward();
    now = { ...batch, fake, codes: [code, ofTarget], adversarial: adversarial_weight(Number(values.d_loss.item())) };
    return { ...values };
  }

  function trainG(it: Iteration<readonly Tensor[]>): Values {
    const { source, fake, codes, labels, adversarial } = now;
    optimizer_G.zero_grad();
    const judgement = frozen(discriminator, () => judged(parts, source, fake));
    const values = losses.generator(judgement, now, codes, labels, { adversarial });
    values.g_loss.backward();
    it.update(optimizer_D);
    it.update(optimizer_G);
    return { ...values };
  }

  return [
    { name: 'D', about: ABOUT.D, run: trainD },
    { name: 'G', about: `${ABOUT.G}; then both are updated`, run: trainG },
  ];
}
