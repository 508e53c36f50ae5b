/** A map of a model's latent codes, kept in the run folder for its report. */
import { no_grad, scope, type Tensor } from 'isotorch';
import { tsne } from '../metrics';
import { type OpenedTraining, writeLatentMap } from '../train';

/** Points of a map: it takes seconds, not minutes. */
const MOST_POINTS = 500;
/** Fewer make no map. */
const LEAST_POINTS = 5;
/** scikit-learn's, where there are enough points for it. */
const PERPLEXITY = 30;

/** At most `MOST_POINTS` rows, evenly spaced. */
function thinned(rows: Tensor): Tensor {
  const every = Math.ceil(rows.size(0) / MOST_POINTS);
  return rows.get(`::${every}`);
}

/** Makes the map of a training as it is, and writes it. Returns why there is none, where the recipe has no codes, or too few. */
export function makeLatentMap(run: string, step: number, { training }: OpenedTraining): string | undefined {
  const codes = training.samples?.codes;
  if (codes === undefined) return 'no latent codes to map: it has neither an encoder nor styles, only noise';
  return scope(() =>
    no_grad(() => {
      const found = codes.call(training.samples);
      const points = thinned(found.codes).flatten(1).to('cpu');
      const count = points.size(0);
      if (count < LEAST_POINTS) return `only ${count} latent codes, which make no map`;
      const { embedding } = tsne(points, { perplexity: Math.min(PERPLEXITY, (count - 1) / 3) });
      const labels = thinned(found.labels).flatten().tolist() as (number | bigint)[];
      writeLatentMap(run, {
        step,
        points: embedding.tolist() as [number, number][],
        labels: labels.map(Number),
      });
      return undefined;
    }),
  );
}
