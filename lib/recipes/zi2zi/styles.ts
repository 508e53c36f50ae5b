/** Styles to draw in: those of the embedding, and mixtures of them. */
import { cat, Generator, randn, stack, type Tensor } from 'isotorch';
import { softmax } from 'isotorch/nn/functional';
import type { SampleOptions } from '../../train';
import { drawn } from '../drawing';
import type { AnyGenerator } from './networks';

/** Images that are computed at once. */
const AT_ONCE = 64;
/** Statistics that are taken anew are those of so many characters at a time. */
const WARM = 16;

/** The style of a number: one of the embedding's, and from there on a mixture of all, weighed by softmax of numbers that it seeds. */
function styleOf(number: number, embedding: Tensor): Tensor {
  const count = embedding.size(0);
  if (number < count) return embedding.select(0, number);
  const weights = softmax(randn([count], { generator: new Generator().manual_seed(number) }), 0);
  return weights.to(embedding.device).unsqueeze(0).matmul(embedding).squeeze(0);
}

/** `count` styles from that number on which a generator was seeded with: seed 0 is the first style. */
export function stylesFrom({ embedder }: AnyGenerator, count: number, generator: Generator): Tensor {
  const first = Number(generator.initial_seed());
  const embedding = embedder.weight.detach();
  return stack(Array.from({ length: count }, (_, i) => styleOf(first + i, embedding)));
}

/** For each style one picture: all characters in a row. */
export function rowsIn(
  generator: AnyGenerator,
  characters: Tensor,
  styles: Tensor,
  { batchnorm }: SampleOptions = {},
): Tensor {
  const across = characters.size(0);
  const painted = (sources: Tensor, of: Tensor): Tensor => generator(sources, of)[0];
  const compute = (): Tensor => {
    const sources = characters.repeat(styles.size(0), 1, 1, 1).split(AT_ONCE);
    const of = styles.repeat_interleave(across, 0).split(AT_ONCE);
    const images = cat(sources.map((part, i) => painted(part, of[i]!)));
    return images.unflatten(0, [-1, across]).permute(0, 2, 3, 1, 4).flatten(3);
  };
  const run = (batch: number): Tensor => {
    const places = Array.from({ length: WARM }, (_, i) => batch * WARM + i);
    const sources = stack(places.map((place) => characters.select(0, place % across)));
    const count = generator.embedder.weight.size(0);
    return painted(sources, stack(places.map((place) => generator.embedder.weight.detach().select(0, place % count))));
  };
  return drawn(generator, compute, { batchnorm, run });
}
