/** Recurrent networks with one state: RNN and GRU. */
import { type Arguments, pythonClass, pythonMethods } from '../../../call';
import { gru, rnn_relu, rnn_tanh } from '../../../generated/functions';
import type { Tensor } from '../../../memory';
import { TorchError, ValueError } from '../../../native';
import { FACTORY, type Factory } from '../../module/factory';
import { PackedSequence } from '../../utils/rnn';
import { permuted, RNNBase, type Sequences } from './base';

type Given<Input extends Tensor | PackedSequence> = Arguments<['input', 'hx'], [input: Input, hx?: Tensor | null]>;

const OPERATORS = { RNN_TANH: rnn_tanh, RNN_RELU: rnn_relu, GRU: gru } as const;

/** The base of RNN and GRU. */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the interface types the call
abstract class OneState extends RNNBase {
  override forward(...args: Given<PackedSequence>): [output: PackedSequence, hidden: Tensor];
  override forward(...args: Given<Tensor>): [output: Tensor, hidden: Tensor];
  override forward(given: unknown, hx: unknown = null): [Tensor | PackedSequence, Tensor] {
    const read = this.readSequences(this.mode === 'GRU' ? 'GRU' : 'RNN', given);
    const { batch_sizes, sorted_indices, unsorted_indices } = read;
    const state = this.startingState(read, hx as Tensor | null);
    this.checkInput(read);
    this.checkState(state, read, this.proj_size > 0 ? this.proj_size : this.hidden_size);
    const { bias, num_layers, dropout, training, bidirectional, batch_first } = this;
    const run = OPERATORS[this.mode as keyof typeof OPERATORS];
    const weights = this.flatWeights();
    const [output, hidden] =
      batch_sizes === null
        ? run(read.input, state, weights, bias, num_layers, dropout, training, bidirectional, batch_first)
        : run(read.input, batch_sizes, state, weights, bias, num_layers, dropout, training, bidirectional);
    if (batch_sizes !== null) {
      return [
        new PackedSequence(output, batch_sizes, sorted_indices, unsorted_indices),
        permuted(hidden, unsorted_indices),
      ];
    }
    return read.added === null ? [output, hidden] : [output.squeeze(read.added), hidden.squeeze(1)];
  }

  private startingState(read: Sequences, hx: Tensor | null): Tensor {
    if (hx === null) return this.zeroState(read, this.hidden_size);
    if (read.batch_sizes !== null) return permuted(hx, read.sorted_indices);
    if (read.added === null) {
      if (hx.ndim === 3) return hx;
      throw new TorchError(`For batched 3-D input, hx should also be 3-D but got ${hx.ndim}-D tensor`);
    }
    if (hx.ndim === 2) return hx.unsqueeze(1);
    throw new TorchError(`For unbatched 2-D input, hx should also be 2-D but got ${hx.ndim}-D tensor`);
  }
}

/** The call, typed by what is read. */
// biome-ignore lint/correctness/noUnusedVariables: merges with the class
interface OneState {
  (...args: Given<PackedSequence>): [output: PackedSequence, hidden: Tensor];
  (...args: Given<Tensor>): [output: Tensor, hidden: Tensor];
}

/** What is only an LSTM's: named here for Python's words. */
type NoProjection = [proj_size?: undefined];

function refuseProjection(proj_size: unknown): void {
  if (proj_size === undefined) return;
  throw new ValueError('proj_size argument is only supported for LSTM, not RNN or GRU');
}

class RNNModule extends OneState {
  static {
    pythonMethods(this.prototype, 'RNN', { forward: ['input', 'hx'] });
  }

  constructor(
    input_size: number,
    hidden_size: number,
    num_layers: number = 1,
    /** 'tanh' or 'relu'. Default 'tanh'. */
    readonly nonlinearity: 'tanh' | 'relu' = 'tanh',
    bias: boolean = true,
    batch_first: boolean = false,
    dropout: number = 0,
    bidirectional: boolean = false,
    ...[device, dtype, proj_size]: [...Factory, ...NoProjection]
  ) {
    refuseProjection(proj_size);
    if (nonlinearity !== 'tanh' && nonlinearity !== 'relu') {
      throw new ValueError(`Unknown nonlinearity '${nonlinearity}'. Select from 'tanh' or 'relu'.`);
    }
    const mode = nonlinearity === 'tanh' ? 'RNN_TANH' : 'RNN_RELU';
    super(mode, input_size, hidden_size, num_layers, bias, batch_first, dropout, bidirectional, 0, device, dtype);
  }
}

/**
 * Elman's recurrent network: h' = tanh(x·W_ihᵀ + b_ih + h·W_hhᵀ + b_hh), or with ReLU, for each element x of a sequence.
 *
 * (L, N, input_size), (N, L, input_size) with `batch_first`, (L, input_size), or a PackedSequence → the last layer's
 * states at all times, (L, N, D·hidden_size), and the last state of each layer, (D·num_layers, N, hidden_size). D is 2
 * when bidirectional.
 *
 * @throws ValueError or TorchError for sequences or states of other shapes
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.RNN.html
 */
export class RNN extends pythonClass(
  'RNNBase',
  [
    ...['input_size', 'hidden_size', 'num_layers', 'nonlinearity', 'bias', 'batch_first', 'dropout', 'bidirectional'],
    ...FACTORY,
    '*',
    'proj_size',
  ] as const,
  RNNModule,
) {}

class GRUModule extends OneState {
  static {
    pythonMethods(this.prototype, 'GRU', { forward: ['input', 'hx'] });
  }

  constructor(
    input_size: number,
    hidden_size: number,
    num_layers: number = 1,
    bias: boolean = true,
    batch_first: boolean = false,
    dropout: number = 0,
    bidirectional: boolean = false,
    ...[device, dtype, proj_size]: [...Factory, ...NoProjection]
  ) {
    refuseProjection(proj_size);
    super('GRU', input_size, hidden_size, num_layers, bias, batch_first, dropout, bidirectional, 0, device, dtype);
  }
}

/**
 * Gated recurrent units: r = σ(x·W_irᵀ + b_ir + h·W_hrᵀ + b_hr), z likewise, n = tanh(x·W_inᵀ + b_in + r∗(h·W_hnᵀ + b_hn)),
 * h' = (1 − z)∗n + z∗h. Reads and gives what `RNN` does.
 *
 * @throws ValueError or TorchError for sequences or states of other shapes
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.GRU.html
 */
export class GRU extends pythonClass(
  'RNNBase',
  [
    ...['input_size', 'hidden_size', 'num_layers', 'bias', 'batch_first', 'dropout', 'bidirectional'],
    ...FACTORY,
    '*',
    'proj_size',
  ] as const,
  GRUModule,
) {}
