import { no_grad } from '../../autograd';
import { ValueError } from '../../native/errors';
import { empty } from '../../generated/functions';
import { valueText } from '../../core/text';
import type { Tensor } from '../../memory/tensor';
import { type Arguments, type FactoryOptions, factory, readArguments } from '../module/arguments';
import { embedding, resolvePaddingIndex } from '../functional/sparse';
import { normal_ } from '../init/basic';
import { Module } from '../module/module';
import { Parameter } from '../parameter';

/** Options of `Embedding` that also `from_pretrained` takes. */
export interface EmbeddingLookupOptions {
  /** Row that stays zero and gets no gradient; negative counts from the end. Default null. */
  padding_idx?: number | null;
  /** Rows longer than this are shortened, in place, when looked up. Default null. */
  max_norm?: number | null;
  /** Which norm `max_norm` means. Default 2. */
  norm_type?: number;
  /** Divides gradients by how often the row occurs in the batch. Default false. */
  scale_grad_by_freq?: boolean;
  /** Makes the weight's gradient a sparse tensor. Default false. */
  sparse?: boolean;
}

/** Options of `Embedding`. */
export interface EmbeddingOptions extends EmbeddingLookupOptions, FactoryOptions {
  /** Rows to start from instead of random ones. */
  _weight?: Tensor | null;
  /** Whether the rows are not trained. Default false. */
  _freeze?: boolean;
}

type LookupNames = ['padding_idx', 'max_norm', 'norm_type', 'scale_grad_by_freq', 'sparse'];

const lookupDefaults: Required<EmbeddingLookupOptions> = {
  padding_idx: null,
  max_norm: null,
  norm_type: 2,
  scale_grad_by_freq: false,
  sparse: false,
};

/**
 * A table of rows: (*) of integers → (*, embedding_dim). Rows start from N(0, 1).
 * See https://docs.pytorch.org/docs/stable/generated/torch.nn.Embedding.html
 */
export class Embedding extends Module {
  readonly num_embeddings: number;
  readonly embedding_dim: number;
  readonly padding_idx: number | null;
  max_norm: number | null;
  norm_type: number;
  scale_grad_by_freq: boolean;
  weight: Parameter;
  sparse: boolean;

  constructor(num_embeddings: number, embedding_dim: number, ...rest: Arguments<EmbeddingOptions, LookupNames>);
  constructor(num_embeddings: number, embedding_dim: number, options?: EmbeddingOptions);
  constructor(num_embeddings: number, embedding_dim: number, ...rest: unknown[]) {
    super();
    const defaults: Required<EmbeddingOptions> = {
      ...lookupDefaults,
      _weight: null,
      _freeze: false,
      device: null,
      dtype: null,
    };
    const options = readArguments('Embedding.__init__', defaults, rest);
    this.num_embeddings = num_embeddings;
    this.embedding_dim = embedding_dim;
    this.padding_idx = resolvePaddingIndex(options.padding_idx, () => num_embeddings);
    this.max_norm = options.max_norm;
    this.norm_type = options.norm_type;
    this.scale_grad_by_freq = options.scale_grad_by_freq;
    this.sparse = options.sparse;
    const given = options._weight;
    if (given !== null && (given.shape[0] !== num_embeddings || given.shape[1] !== embedding_dim || given.ndim !== 2)) {
      throw new ValueError('Shape of weight does not match num_embeddings and embedding_dim');
    }
    const rows = given ?? empty([num_embeddings, embedding_dim], factory(options));
    this.weight = new Parameter(rows, !options._freeze);
    if (given === null) this.reset_parameters();
  }

  /**
   * An Embedding with the rows of a matrix, by default frozen. Throws ValueError unless it is 2-dimensional.
   */
  static from_pretrained(
    embeddings: Tensor,
    ...rest: Arguments<EmbeddingLookupOptions & { freeze?: boolean }, ['freeze', ...LookupNames]>
  ): Embedding {
    const defaults = { freeze: true, ...lookupDefaults };
    const { freeze, ...lookup } = readArguments('Embedding.from_pretrained', defaults, rest);
    const [rows = 0, columns = 0] = embeddings.shape;
    if (embeddings.ndim !== 2) {
      throw new ValueError('Embeddings parameter is expected to be 2-dimensional');
    }
    return new Embedding(rows, columns, { ...lookup, _weight: embeddings, _freeze: freeze });
  }

  /** Draws new rows; the padding row becomes zero. */
  reset_parameters(): void {
    normal_(this.weight);
    const { padding_idx } = this;
    if (padding_idx !== null) no_grad(() => this.weight.select(0, padding_idx).fill_(0));
  }

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
    const shown = [`${this.num_embeddings}, ${this.embedding_dim}`];
    if (this.padding_idx !== null) shown.push(`padding_idx=${this.padding_idx}`);
    if (this.max_norm !== null) shown.push(`max_norm=${valueText(this.max_norm)}`);
    if (this.norm_type !== 2) shown.push(`norm_type=${valueText(this.norm_type)}`);
    if (this.scale_grad_by_freq) shown.push('scale_grad_by_freq=True');
    if (this.sparse) shown.push('sparse=True');
    return shown.join(', ');
  }
}
