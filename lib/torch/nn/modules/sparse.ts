import { type Arguments, type MethodArguments, pythonClass, pythonFunction, pythonMethods } from '../../call';
import { no_grad } from '../../autograd';
import { AssertionError } from '../../native';
import { sameShape, stringRepr } from '../../core';
import { empty } from '../../generated/functions';
import type { Tensor } from '../../memory';
import { FACTORY, type Factory, factoryOptions } from '../module/factory';
import { changed, shown } from '../module/repr';
import { type BagMode, embedding, embedding_bag, resolvePaddingIndex } from '../functional/sparse';
import { normal_ } from '../init/basic';
import type { Input } from '../module/inputs';
import { Module } from '../module/module';
import { Parameter } from '../parameter';

/** The given table, if its shape is right, or a new one. */
function rowsOf(num_embeddings: number, embedding_dim: number, weight: Tensor | null, factory: Factory): Tensor {
  const shape = [num_embeddings, embedding_dim];
  if (weight !== null && !sameShape(weight.shape, shape)) {
    throw new AssertionError('Shape of weight does not match num_embeddings and embedding_dim');
  }
  return weight ?? empty(shape, factoryOptions(...factory));
}

function drawRows(weight: Tensor, padding_idx: number | null): void {
  normal_(weight);
  if (padding_idx !== null) no_grad(() => weight.select(0, padding_idx).fill_(0));
}

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
    this.weight = new Parameter(rowsOf(num_embeddings, embedding_dim, _weight, factory), !_freeze);
    if (_weight === null) this.reset_parameters();
  }

  /** Draws new rows; the padding row becomes zero. */
  reset_parameters(): void {
    drawRows(this.weight, this.padding_idx);
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
    if (embeddings.ndim !== 2) throw new AssertionError('Embeddings parameter is expected to be 2-dimensional');
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
   * @throws AssertionError unless it is 2-dimensional
   */
  static from_pretrained(...args: MethodArguments<typeof fromPretrained>): Embedding {
    return fromPretrained(this ?? null, ...args);
  }
}

/** Arguments of `EmbeddingBag.forward`. */
type Bags = Arguments<
  ['input', 'offsets', 'per_sample_weights'],
  [input: Tensor, offsets?: Tensor | null, per_sample_weights?: Tensor | null]
>;

class EmbeddingBagModule extends Module {
  static {
    pythonMethods(this.prototype, 'EmbeddingBag', {
      forward: ['input', 'offsets', 'per_sample_weights'],
      reset_parameters: [],
      extra_repr: [],
    });
  }

  /** Row that does not count; negative counts from the end. Default null. */
  readonly padding_idx: number | null;
  weight: Parameter;

  constructor(
    /** Number of rows. */
    readonly num_embeddings: number,
    /** Length of a row. */
    readonly embedding_dim: number,
    /** Rows longer than this are shortened, in place, when looked up. Default null. */
    public max_norm: number | null = null,
    /** p of the norm that `max_norm` limits. Default 2. */
    public norm_type: number = 2,
    /** Divides gradients by how often the row occurs in the batch. Default false. */
    public scale_grad_by_freq: boolean = false,
    /** Way in which the rows of a bag are joined: `'sum'`, `'mean'` (the default) or `'max'`. */
    public mode: BagMode = 'mean',
    /** Makes the weight's gradient a sparse tensor. Default false. */
    public sparse: boolean = false,
    _weight: Tensor | null = null,
    /** Whether the last offset is the end of the last bag. Default false. */
    public include_last_offset: boolean = false,
    padding_idx: number | null = null,
    ...factory: Factory
  ) {
    super();
    this.padding_idx = resolvePaddingIndex(padding_idx, () => num_embeddings, 'padding_idx');
    this.weight = new Parameter(rowsOf(num_embeddings, embedding_dim, _weight, factory));
    if (_weight === null) this.reset_parameters();
  }

  /** Draws new rows; the padding row becomes zero. */
  reset_parameters(): void {
    drawRows(this.weight, this.padding_idx);
  }

  override forward(...args: Bags): Tensor;
  override forward(input: Tensor, offsets: Tensor | null = null, per_sample_weights: Tensor | null = null): Tensor {
    return embedding_bag(
      input,
      this.weight,
      offsets,
      this.max_norm,
      this.norm_type,
      this.scale_grad_by_freq,
      this.mode,
      this.sparse,
      per_sample_weights,
      this.include_last_offset,
      this.padding_idx,
    );
  }

  override extra_repr(): string {
    const lookup = changed<EmbeddingBagModule>(this, { max_norm: null, norm_type: 2, scale_grad_by_freq: false });
    const padding = this.padding_idx === null ? '' : `, ${shown(this, 'padding_idx')}`;
    return `${this.num_embeddings}, ${this.embedding_dim}${lookup}, mode=${stringRepr(this.mode)}${padding}`;
  }
}

const BAGS = ['max_norm', 'norm_type', 'scale_grad_by_freq', 'mode', 'sparse'] as const;

const bagsFromPretrained = pythonFunction(
  'EmbeddingBag.from_pretrained',
  ['cls', 'embeddings', 'freeze', ...BAGS, 'include_last_offset', 'padding_idx'],
  (
    cls: typeof EmbeddingBag | null,
    embeddings: Tensor,
    freeze: boolean = true,
    max_norm: number | null = null,
    norm_type: number = 2,
    scale_grad_by_freq: boolean = false,
    mode: BagMode = 'mean',
    sparse: boolean = false,
    include_last_offset: boolean = false,
    padding_idx: number | null = null,
  ): EmbeddingBag => {
    if (embeddings.ndim !== 2) throw new AssertionError('Embeddings parameter is expected to be 2-dimensional');
    const [rows = 0, columns = 0] = embeddings.shape;
    const lookup = { max_norm, norm_type, scale_grad_by_freq, mode, sparse, include_last_offset, padding_idx };
    const made = new (cls ?? EmbeddingBag)(rows, columns, { ...lookup, _weight: embeddings });
    made.weight.requires_grad = !freeze;
    return made;
  },
);

/**
 * Sums, means or maxima of bags of rows of a table: (N, n) of integers, or (M) with the bags' offsets → (N, embedding_dim).
 * Rows start from N(0, 1).
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.EmbeddingBag.html
 */
export class EmbeddingBag extends pythonClass(
  'EmbeddingBag',
  ['num_embeddings', 'embedding_dim', ...BAGS, '_weight', 'include_last_offset', 'padding_idx', ...FACTORY],
  EmbeddingBagModule,
) {
  /**
   * An EmbeddingBag with the rows of a matrix, by default frozen.
   * @throws AssertionError unless it is 2-dimensional
   */
  static from_pretrained(...args: MethodArguments<typeof bagsFromPretrained>): EmbeddingBag {
    return bagsFromPretrained(this ?? null, ...args);
  }
}
