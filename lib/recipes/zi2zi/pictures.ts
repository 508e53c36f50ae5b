/** Pictures and figures of zi2zi: characters that training does not see, in every style. */
import { cat, stack, type Tensor, tensor } from 'isotorch';
import { l1_loss } from 'isotorch/nn/functional';
import type { OpenedData } from '../../data';
import { ssim } from '../../metrics';
import type { Place, Samples } from '../../train';
import { drawn } from '../drawing';
import type { AnyGenerator } from './networks';
import { rowsIn, stylesFrom } from './styles';

/** Characters of each style in a picture. */
const SHOWN = 8;
/** Pairs that are computed at once. */
const AT_ONCE = 64;

/** Pairs in one tensor each. */
export interface GlyphPairs {
  source: Tensor;
  target: Tensor;
  labels: Tensor;
}

/** Pairs by their places in the data. */
async function pairsAt({ dataset }: OpenedData, places: readonly number[]): Promise<GlyphPairs> {
  const samples = await Promise.all(places.map((place) => dataset.__getitem__(place)));
  const parts = samples as [source: Tensor, target: Tensor, style: bigint][];
  return {
    source: stack(parts.map(([source]) => source)),
    target: stack(parts.map(([, target]) => target)),
    labels: tensor(BigInt64Array.from(parts, ([, , style]) => style)),
  };
}

/** Places of the samples of each style. */
async function placesByStyle({ dataset, description }: OpenedData): Promise<number[][]> {
  const places: number[][] = description.classes.map(() => []);
  for (let place = 0; place < description.count; place++) {
    const [, , style] = (await dataset.__getitem__(place)) as [Tensor, Tensor, bigint];
    places[Number(style)]!.push(place);
  }
  return places;
}

/** Characters to show and to measure. */
export class Gallery {
  private constructor(
    private readonly data: OpenedData,
    private readonly places: readonly number[][],
    private readonly shown: readonly GlyphPairs[],
  ) {}

  static async of(data: OpenedData): Promise<Gallery> {
    const places = await placesByStyle(data);
    const shown = await Promise.all(places.map((own) => pairsAt(data, own.slice(0, SHOWN))));
    return new Gallery(data, places, shown);
  }

  /** What can be drawn: the rows of a tick, and its first characters in any style. */
  samples(generator: AnyGenerator, place: Place): Samples {
    const characters = place.tensor(this.shown[0]!.source);
    return {
      range: [-1, 1],
      columns: this.columns,
      grid: () => this.grid(generator, place),
      latents: (count, seeded) => stylesFrom(generator, count, seeded),
      images: (styles, options) => rowsIn(generator, characters, styles, options),
      codes: () => this.codes(generator, place),
    };
  }

  /** Images in a row. */
  private get columns(): number {
    return this.shown[0]!.source.size(0);
  }

  /** Three rows a style: source, generated, target. */
  private grid(generator: AnyGenerator, place: Place): Tensor {
    return drawn(generator, () => {
      const rows = this.shown.map(({ source, target, labels }) => {
        const [fake] = generator(place.tensor(source), place.tensor(labels));
        return cat([source, fake.cpu(), target], 0);
      });
      return cat(rows, 0);
    });
  }

  /** Encodings of the characters shown, as they are generated, by style: what the const loss draws to those of their source. */
  private codes(generator: AnyGenerator, place: Place): { codes: Tensor; labels: Tensor } {
    return drawn(generator, () => {
      const codes = this.shown.map(({ source, labels }) => {
        const [fake] = generator(place.tensor(source), place.tensor(labels));
        return generator.encode(fake);
      });
      return { codes: cat(codes), labels: cat(this.shown.map(({ labels }) => labels)) };
    });
  }

  /**
   * By style: the mean distance of generated images from their targets, where white less black is 1, their mean SSIM, and the
   * distance that the source has as it is.
   */
  async figures(generator: AnyGenerator, place: Place): Promise<Record<string, number>> {
    const figures: Record<string, number> = {};
    for (const [style, name] of this.data.description.classes.entries()) {
      const own = this.places[style]!;
      const sums = { l1: 0, ssim: 0, unchanged: 0 };
      for (let from = 0; from < own.length; from += AT_ONCE) {
        const { source, target, labels } = await pairsAt(this.data, own.slice(from, from + AT_ONCE));
        const compared = drawn(generator, () => {
          const [fake] = generator(place.tensor(source), place.tensor(labels));
          const truth = place.tensor(target);
          const unchanged = l1_loss(place.tensor(source), truth).div(2);
          return stack([l1_loss(fake, truth).div(2), ssim(fake, truth, { data_range: 2 }).mean(), unchanged]);
        });
        const [l1, similarity, unchanged] = compared.tolist() as [number, number, number];
        sums.l1 += l1 * source.size(0);
        sums.ssim += similarity * source.size(0);
        sums.unchanged += unchanged * source.size(0);
      }
      figures[`l1 ${name}`] = sums.l1 / own.length;
      figures[`ssim ${name}`] = sums.ssim / own.length;
      figures[`l1 of the source ${name}`] = sums.unchanged / own.length;
    }
    return figures;
  }
}
