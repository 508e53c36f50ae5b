/** What is seen of networks that translate images: pictures, codes and figures of held pairs. Nothing here moves a training. */
import { cat, Generator, randint, randn, type Tensor, zeros } from 'isotorch';
import type { Module } from 'isotorch/nn';
import { type AccuracyOptions, discriminator_accuracy, evaluating } from '../../metrics';
import type { Place, Samples } from '../../train';
import { drawn } from '../drawing';
import { labelled } from '../labelled';
import type { PairedData } from './data';
import { inParts, type Translations } from './figures';

/** Pairs in the picture of a tick, and random codes of each. */
const ROWS = 4;
const CODES = 4;

/** What is looked at. */
export interface ViewOptions {
  G: Module & ((A: Tensor, z: Tensor) => Tensor);
  /** All networks that are read, and put in evaluation mode for it. */
  read: readonly Module[];
  /** Numbers of a code. */
  nz: number;
  place: Place;
  data: PairedData;
}

/** Looks at networks on held pairs A and B. */
export abstract class PairedView {
  protected readonly A: Tensor;
  protected readonly B: Tensor;

  protected constructor(private readonly viewed: ViewOptions) {
    const { place, data } = viewed;
    this.A = place.tensor(data.held.A);
    this.B = place.tensor(data.held.B);
  }

  /** The codes that the encoder finds in images. */
  protected abstract encoded(B: Tensor): Tensor;

  /** A picture's columns: A, B, `random`, which are translations of A by random codes, and one more. */
  protected abstract columns(A: Tensor, B: Tensor, random: readonly Tensor[]): readonly Tensor[];

  /** The same codes at each call, from a stream of their own. */
  protected codes(count: number, seed: number): Tensor {
    return randn(count, this.viewed.nz, { generator: new Generator().manual_seed(seed) }).to(this.A.device);
  }

  protected translated(A: Tensor, z: Tensor): Tensor {
    return inParts((given, code) => this.viewed.G(given!, code!), A, z);
  }

  protected reading<T>(run: () => T): T {
    return evaluating(this.viewed.read, run);
  }

  /** What `figures` takes, and the codes of `first`. */
  protected translations(): Translations & { z: Tensor } {
    const { A, B } = this;
    const z = this.codes(A.size(0), 1);
    const [first, second] = [this.translated(A, z), this.translated(A, this.codes(A.size(0), 2))];
    return { real: B, reconstructed: this.translated(A, this.encoded(B)), first, second, z };
  }

  /** What a discriminator says of held pairs and of fakes, without moving it. */
  protected judged<Input extends readonly unknown[]>(options: Omit<AccuracyOptions<Input>, 'mode'>) {
    const { D_real_acc, D_fake_acc } = discriminator_accuracy({ ...options, mode: 'pure' });
    return { val_D_real_acc: D_real_acc.item(), val_D_fake_acc: D_fake_acc.item() };
  }

  samples(): Samples {
    const { G, nz } = this.viewed;
    const held = this.A.size(0);
    const rows = Math.min(ROWS, held);
    const [A, B] = [this.A.narrow(0, 0, rows), this.B.narrow(0, 0, rows)];
    return {
      range: [-1, 1],
      columns: 3 + CODES,
      grid: () =>
        this.reading(() => {
          const random = Array.from({ length: CODES }, (_, i) => this.translated(A, this.codes(1, i).expand(rows, -1)));
          return cat(
            this.columns(A, B, random).map((column) => column.unsqueeze(1)),
            1,
          ).flatten(0, 1);
        }),
      // A latent has its subject, one of the held images, behind it: between latents, what changes is the code.
      latents: (count, generator) => {
        const z = randn(count, nz, { generator });
        return labelled(z, randint(0, held, [count], { generator }), held).to(A.device);
      },
      condition: { name: 'subject', size: held },
      images: (latents, { batchnorm }) => {
        const given = this.A.index_select(0, latents.narrow(1, nz, held).argmax(1));
        const draw = () => this.translated(given, latents.narrow(1, 0, nz));
        const warm = (batch: number) => this.translated(this.A, this.codes(this.A.size(0), 100 + batch));
        return drawn(G, draw, { batchnorm, run: warm });
      },
      codes: () => this.reading(() => ({ codes: this.encoded(this.B), labels: zeros([this.B.size(0)]) })),
    };
  }
}
