/** What the recurrent networks share: their weights, by layer and direction, and the checks of what they are given. */
import { pythonClass, pythonMethods } from '../../../call';
import { floatRepr, listText, tupleText, typeName, valueText, warn } from '../../../core';
import {
  _cudnn_rnn_flatten_weight,
  _use_cudnn_rnn_flatten_weight,
  cudnn_is_acceptable,
  empty,
  zeros,
} from '../../../generated/functions';
import { isTensor, type Tensor } from '../../../memory';
import { native, TorchError, ValueError } from '../../../native';
import { no_grad } from '../../../autograd';
import { uniform_ } from '../../init/basic';
import { FACTORY, type Factory, factoryOptions } from '../../module/factory';
import { Module } from '../../module/module';
import { Parameter } from '../../parameter';
import type { PackedSequence } from '../../utils/rnn';

/** Kind of a recurrent network, as cuDNN numbers them. */
const MODES = ['RNN_RELU', 'RNN_TANH', 'LSTM', 'GRU'] as const;

/** Kind of a recurrent network. */
export type Mode = (typeof MODES)[number];

/** Rows of the weights, in units of the hidden size. */
const GATES: Readonly<Record<Mode, number>> = { RNN_RELU: 1, RNN_TANH: 1, LSTM: 4, GRU: 3 };

/** What a recurrent network reads: padded sequences, or packed ones. */
export interface Sequences {
  readonly input: Tensor;
  readonly batch_sizes: Tensor | null;
  readonly sorted_indices: Tensor | null;
  readonly unsorted_indices: Tensor | null;
  /** Number of sequences. */
  readonly batch: number;
  /** Dimension that was put in for the batch; null where there is one. */
  readonly added: number | null;
}

function checkSize(name: string, size: unknown): void {
  if (!Number.isInteger(size)) throw new TypeError(`${name} should be of type int, got: ${typeName(size)}`);
  if ((size as number) <= 0) throw new ValueError(`${name} must be greater than zero`);
}

function checkDropout(dropout: unknown, num_layers: number): void {
  if (typeof dropout !== 'number' || !(dropout >= 0 && dropout <= 1)) {
    throw new ValueError(
      'dropout should be a number in range [0, 1] representing the probability of an element being zeroed',
    );
  }
  if (dropout === 0 || num_layers !== 1) return;
  warn(
    `dropout option adds dropout after all but last recurrent layer, so non-zero dropout expects num_layers greater than 1, but got dropout=${valueText(dropout)} and num_layers=${num_layers}`,
  );
}

function checkFlag(name: string, flag: unknown): void {
  if (typeof flag !== 'boolean') throw new TypeError(`${name} should be of type bool, got: ${typeName(flag)}`);
}

class RNNBaseModule extends Module {
  static {
    pythonMethods(this.prototype, 'RNNBase', {
      reset_parameters: [],
      extra_repr: [],
      flatten_parameters: [],
    });
  }

  /** Names of the weights, by layer and direction. */
  protected readonly weightNames: readonly string[][];

  constructor(
    /** 'RNN_TANH', 'RNN_RELU', 'LSTM' or 'GRU'. */
    readonly mode: Mode,
    /** Number of features of each element of a sequence. */
    readonly input_size: number,
    /** Number of features of the hidden state. */
    readonly hidden_size: number,
    /** Number of layers, each of which reads the output of the one below. Default 1. */
    readonly num_layers: number = 1,
    /** Whether the layers have biases, `bias_ih_l…` and `bias_hh_l…`. Default true. */
    readonly bias: boolean = true,
    /** Whether batches are (N, L, …) instead of (L, N, …). Default false. */
    public batch_first: boolean = false,
    /** Probability of an output of all layers but the last being zeroed, in training. Default 0. */
    public dropout: number = 0,
    /** Whether each layer also reads the sequence from its end. Default false. */
    readonly bidirectional: boolean = false,
    /** Number of features that the hidden state is projected to, of an LSTM; 0 is none. Default 0. */
    readonly proj_size: number = 0,
    ...factory: Factory
  ) {
    super();
    checkDropout(dropout, num_layers);
    checkFlag('bias', bias);
    checkFlag('batch_first', batch_first);
    checkSize('input_size', input_size);
    checkSize('hidden_size', hidden_size);
    if (num_layers <= 0) throw new ValueError('num_layers must be greater than zero');
    if (proj_size < 0) {
      throw new ValueError('proj_size should be a positive integer or zero to disable projections');
    }
    if (proj_size >= hidden_size) throw new ValueError('proj_size has to be smaller than hidden_size');
    if (!MODES.includes(mode)) throw new ValueError(`Unrecognized RNN mode: ${mode}`);
    this.weightNames = this.makeWeights(factory);
    this.flatten_parameters();
    this.reset_parameters();
  }

  /** The weights of each layer and direction. */
  get all_weights(): Parameter[][] {
    return this.weightNames.map((names) => names.map((name) => this.weightNamed(name)));
  }

  /** Puts the weights next to each other in memory, as cuDNN wants them; on other devices does nothing. */
  flatten_parameters(): void {
    const weights = this.flatWeights();
    const [first] = weights;
    if (!isTensor(first)) return;
    for (const weight of weights) {
      if (!isTensor(weight) || weight.dtype !== first.dtype || !weight.is_cuda || !cudnn_is_acceptable(weight)) return;
    }
    if (new Set(weights.map((weight) => weight.data_ptr())).size !== weights.length) return;
    if (!_use_cudnn_rnn_flatten_weight()) return;
    const count = (this.bias ? 4 : 2) + (this.proj_size > 0 ? 1 : 0);
    const { input_size, hidden_size, proj_size, num_layers, batch_first, bidirectional } = this;
    const mode = MODES.indexOf(this.mode);
    no_grad(() =>
      _cudnn_rnn_flatten_weight(
        weights,
        count,
        input_size,
        mode,
        hidden_size,
        proj_size,
        num_layers,
        batch_first,
        bidirectional,
      ),
    );
  }

  /** Draws new initial values, uniform in ±1/√hidden_size, in the order of the parameters. */
  reset_parameters(): void {
    const bound = 1 / Math.sqrt(this.hidden_size);
    for (const weight of this.parameters()) uniform_(weight, -bound, bound);
  }

  override extra_repr(): string {
    const { proj_size, num_layers, bias, batch_first, dropout, bidirectional } = this;
    return [
      `${this.input_size}, ${this.hidden_size}`,
      proj_size === 0 ? '' : `, proj_size=${proj_size}`,
      num_layers === 1 ? '' : `, num_layers=${num_layers}`,
      bias ? '' : ', bias=False',
      batch_first ? ', batch_first=True' : '',
      dropout === 0 ? '' : `, dropout=${floatRepr(dropout)}`,
      bidirectional ? ', bidirectional=True' : '',
    ].join('');
  }

  /** The weights in the order of the operators. */
  protected flatWeights(): Tensor[] {
    const weights: Tensor[] = [];
    for (const names of this.weightNames) for (const name of names) weights.push(this.weightNamed(name));
    return weights;
  }

  /** Reads padded or packed sequences; a single one gets a batch of its own. */
  protected readSequences(name: string, given: unknown): Sequences {
    if (!isTensor(given)) {
      const { data, batch_sizes, sorted_indices, unsorted_indices } = given as PackedSequence;
      const batch = batch_sizes.select(0, 0).item<number>();
      return { input: data, batch_sizes, sorted_indices, unsorted_indices, batch, added: null };
    }
    const tensor = given as Tensor;
    const { ndim } = tensor;
    if (ndim !== 2 && ndim !== 3) {
      const kind = name === 'RNN' ? 'D tensor' : 'D';
      throw new ValueError(`${name}: Expected input to be 2D or 3D, got ${ndim}${kind} instead`);
    }
    const batchDim = this.batch_first ? 0 : 1;
    const input = ndim === 3 ? tensor : tensor.unsqueeze(batchDim);
    const packed = { batch_sizes: null, sorted_indices: null, unsorted_indices: null };
    return { input, ...packed, batch: input.size(batchDim), added: ndim === 3 ? null : batchDim };
  }

  /** A state of zeros. */
  protected zeroState({ input, batch }: Sequences, features: number): Tensor {
    const { dtype, device } = input;
    return zeros([this.num_layers * (this.bidirectional ? 2 : 1), batch, features], { dtype, device });
  }

  /** Checks the sequences against the weights. @throws ValueError for another dtype, TorchError for another shape */
  protected checkInput({ input, batch_sizes }: Sequences): void {
    const { dtype } = this.weightNamed(this.weightNames[0]![0]!);
    if (input.dtype !== dtype && !['cpu', 'cuda'].some((type) => native.is_autocast_enabled(type))) {
      throw new ValueError(
        `RNN input dtype (${input.dtype}) does not match weight dtype (${dtype}). Convert input: input.to(${dtype}), or convert model: model.to(${input.dtype})`,
      );
    }
    const dimensions = batch_sizes === null ? 3 : 2;
    if (input.ndim !== dimensions) {
      throw new TorchError(`input must have ${dimensions} dimensions, got ${input.ndim}`);
    }
    if (input.size(-1) !== this.input_size) {
      throw new TorchError(
        `input.size(-1) must be equal to input_size. Expected ${this.input_size}, got ${input.size(-1)}`,
      );
    }
  }

  /** Checks a state's shape. @throws TorchError */
  protected checkState(state: Tensor, { batch }: Sequences, features: number, what = 'hidden'): void {
    const expected = [this.num_layers * (this.bidirectional ? 2 : 1), batch, features];
    const { shape } = state;
    if (shape.length === 3 && expected.every((size, i) => size === shape[i])) return;
    throw new TorchError(`Expected ${what} size ${tupleText(expected)}, got ${listText(shape)}`);
  }

  private weightNamed(name: string): Parameter {
    return (this as unknown as Record<string, Parameter>)[name]!;
  }

  private makeWeights(factory: Factory): string[][] {
    const options = factoryOptions(...factory);
    const { bias, input_size, hidden_size, proj_size } = this;
    const directions = this.bidirectional ? ['', '_reverse'] : [''];
    const gates = GATES[this.mode] * hidden_size;
    const features = proj_size > 0 ? proj_size : hidden_size;
    const names: string[][] = [];
    for (let layer = 0; layer < this.num_layers; layer++) {
      const read = layer === 0 ? input_size : features * directions.length;
      for (const suffix of directions) {
        const shapes: [name: string, shape: number[]][] = [
          ['weight_ih', [gates, read]],
          ['weight_hh', [gates, features]],
        ];
        if (bias) shapes.push(['bias_ih', [gates]], ['bias_hh', [gates]]);
        if (proj_size > 0) shapes.push(['weight_hr', [proj_size, hidden_size]]);
        const group = shapes.map(([kind, shape]): string => {
          const name = `${kind}_l${layer}${suffix}`;
          this.register_parameter(name, new Parameter(empty(shape, options)));
          return name;
        });
        names.push(group);
      }
    }
    return names;
  }
}

/** The base of the recurrent networks. */
export class RNNBase extends pythonClass(
  'RNNBase',
  [
    'mode',
    'input_size',
    'hidden_size',
    'num_layers',
    'bias',
    'batch_first',
    'dropout',
    'bidirectional',
    'proj_size',
    ...FACTORY,
  ],
  RNNBaseModule,
) {}

/** The same order of samples as before they were packed. */
export function permuted(state: Tensor, permutation: Tensor | null): Tensor {
  return permutation === null ? state : state.index_select(1, permutation);
}
