import { type MethodArguments, pythonClass, pythonFunction, pythonMethods } from '../../call';
import { no_grad } from '../../autograd';
import { ValueError } from '../../native';
import { empty } from '../../generated/functions';
import type { Tensor } from '../../memory';
import { FACTORY, type Factory, factoryOptions } from '../module/factory';
import { changed } from '../module/repr';
import { embedding, resolvePaddingIndex } from '../functional/sparse';
import { normal_ } from '../init/basic';
import type { Input } from '../module/inputs';
import { Module } from '../module/module';
import { Parameter } from '../parameter';

class EmbeddingModule extends Module {
  static {
    pythonMethods(this.prototype, 'Embedding', { forward: ['input'], reset_parameters: [], extra_repr: [] });
  }

  /** Row that stays zero and gets no gradient; negative counts from the end. Default null. */
  readonly padding_idx: number | null;
  weight: Parameter;

  constructor(
    /** Number of rows. */
    readonly num_embeddings: number,
    /** Length of a row. */
    readonly embedding_dim: number,
    padding_idx: number | null = null,
    /** Rows longer than this are shortened, in place, when looked up. Default null. */
    public max_norm: number | null = null,
    /** p of the norm that `max_norm` limits. Default 2. */
    public norm_type: number = 2,
    /** Divides gradients by how often the row occurs in the batch. Default false. */
    public scale_grad_by_freq: boolean = false,
    /** Makes the weight's gradient a sparse tensor. Default false. */
    public sparse: boolean = false,
    _weight: Tensor | null = null,
    _freeze: boolean = false,
    ...factory: Factory
  ) {
    super();
    this.padding_idx = resolvePaddingIndex(padding_idx, () => num_embeddings);
    const shape = _weight?.shape;
    if (shape && (shape[0] !== num_embeddings || shape[1] !== embedding_dim || shape.length !== 2)) {
      throw new ValueError('Shape of weight does not match num_embeddings and embedding_dim');
    }
    const rows = _weight ?? empty([num_embeddings, embedding_dim], factoryOptions(...factory));
    this.weight = new Parameter(rows, !_freeze);
    if (_weight === null) this.reset_parameters();
  }

  /** Draws new rows; the padding row becomes zero. */
  reset_parameters(): void {
    normal_(this.weight);
    const { padding_idx } = this;
    if (padding_idx !== null) no_grad(() => this.weight.select(0, padding_idx).fill_(0));
  }

  override forward(...args: Input): Tensor;
  override forward(input: Tensor): Tensor {
    return embedding(
      input,
      this.weight,
      this.padding_idx,
      this.max_norm,
      this.norm_type,
      this.scale_grad_by_freq,
      this.sparse,
    );
  }

  override extra_repr(): string {
    const defaults = { padding_idx: null, max_norm: null, norm_type: 2, scale_grad_by_freq: false, sparse: false };
    return `${this.num_embeddings}, ${this.embedding_dim}${changed<EmbeddingModule>(this, defaults)}`;
  }
}

const LOOKUP = ['padding_idx', 'max_norm', 'norm_type', 'scale_grad_by_freq', 'sparse'] as const;

const fromPretrained = pythonFunction(
  'Embedding.from_pretrained',
  ['cls', 'embeddings', 'freeze', ...LOOKUP],
  (
    cls: typeof Embedding | null,
    embeddings: Tensor,
    freeze: boolean = true,
    padding_idx: number | null = null,
    max_norm: number | null = null,
    norm_type: number = 2,
    scale_grad_by_freq: boolean = false,
    sparse: boolean = false,
  ): Embedding => {
    if (embeddings.ndim !== 2) throw new ValueError('Embeddings parameter is expected to be 2-dimensional');
    const [rows = 0, columns = 0] = embeddings.shape;
    const lookup = { padding_idx, max_norm, norm_type, scale_grad_by_freq, sparse };
    // Python's class methods remember their class, where this one, taken from it, has none.
    return new (cls ?? Embedding)(rows, columns, { ...lookup, _weight: embeddings, _freeze: freeze });
  },
);

/**
 * A table of rows: (*) of integers → (*, embedding_dim). Rows start from N(0, 1).
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.Embedding.html
 */
export class Embedding extends pythonClass(
  'Embedding',
  ['num_embeddings', 'embedding_dim', ...LOOKUP, '_weight', '_freeze', ...FACTORY],
  EmbeddingModule,
) {
  /**
   * An Embedding with the rows of a matrix, by default frozen.
   * @throws ValueError unless it is 2-dimensional
   */
  static from_pretrained(...args: MethodArguments<typeof fromPretrained>): Embedding {
    return fromPretrained(this ?? null, ...args);
  }
}
