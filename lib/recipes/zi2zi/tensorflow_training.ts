/**
 * The step of zi2zi's TensorFlow original: three runs of a graph, each of which draws its fakes anew: for the discriminator, and
 * twice for the generator.
 */
import { no_grad, random, type Tensor } from 'isotorch';
import { frozen, type Iteration, type Phase, type Values } from '../../train';
import { add_eps_as_tensorflow } from '../tensorflow_adam';
import type { Codes, Judgement, Unpaired } from './losses';
import { ABOUT, again, batchFor, type GlyphBatch, judged, type Zi2ziParts } from './parts';

/** The phases of a step. */
export function tensorflowPhases(parts: Zi2ziParts): Phase<readonly Tensor[]>[] {
  const { generator, discriminator, optimizer_G, optimizer_D, losses, place, label_shuffle } = parts;
  let now: GlyphBatch;
  /** Labels of the batch in another order: styles for which the characters have no targets. */
  let shuffled: Tensor | undefined;

  async function trainD(it: Iteration<readonly Tensor[]>): Promise<Values> {
    now = await batchFor(parts, it);
    if (label_shuffle) {
      const order = now.labels.cpu().clone();
      random.numpy.shuffle(order);
      shuffled = place.tensor(order);
    }
    optimizer_D.zero_grad();
    const faked = (labels: Tensor) => no_grad(() => generator(now.source, labels)[0]);
    const fake = faked(now.labels);
    const real = judged(parts, now.source, now.target);
    const ofFake = judged(parts, now.source, fake);
    const unpaired = shuffled && { judgement: judged(parts, now.source, faked(shuffled)), labels: shuffled };
    const values = losses.discriminator(real, ofFake, now.labels, unpaired);
    values.d_loss.backward();
    add_eps_as_tensorflow(optimizer_D, it.step + 1);
    it.update(optimizer_D);
    return { ...values };
  }

  /** A fake, what D says of it, and both encodings. */
  function runG(labels: Tensor): { fake: Tensor; judgement: Judgement; codes: Codes } {
    const [fake, code] = generator(now.source, labels);
    const judgement = frozen(discriminator, () => judged(parts, now.source, fake));
    return { fake, judgement, codes: [code, generator.encode(fake)] };
  }

  function trainG(it: Iteration<readonly Tensor[]>, count: number): Values {
    optimizer_G.zero_grad();
    const { fake, judgement, codes } = runG(now.labels);
    const unpaired: Unpaired | undefined = shuffled && { ...runG(shuffled), labels: shuffled };
    const images = { fake, target: now.target };
    const { g_loss, ...terms } = losses.generator(judgement, images, codes, now.labels, { unpaired });
    g_loss.backward();
    add_eps_as_tensorflow(optimizer_G, count);
    it.update(optimizer_G);
    return { g_loss, ...terms };
  }

  return [
    { name: 'D', about: ABOUT.D, run: trainD },
    { name: 'G', about: `${ABOUT.G}, with a new fake`, run: (it) => trainG(it, 2 * it.step + 1) },
    {
      name: 'G again',
      about: ABOUT.again,
      run(it) {
        // The original prints the styles' loss of this run, so that its D sees the targets once more, which BatchNorm notes.
        no_grad(() => judged(parts, now.source, now.target));
        return again(trainG(it, 2 * it.step + 2));
      },
    },
  ];
}
