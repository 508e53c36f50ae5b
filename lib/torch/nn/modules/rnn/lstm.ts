/** Long short-term memory: recurrent networks with two states. */
import { type Arguments, pythonClass, pythonMethods } from '../../../call';
import { lstm } from '../../../generated/functions';
import type { Tensor } from '../../../memory';
import { TorchError } from '../../../native';
import { FACTORY, type Factory } from '../../module/factory';
import { PackedSequence } from '../../utils/rnn';
import { permuted, RNNBase, type Sequences } from './base';

/** Hidden state and cell state. */
type States = readonly [hidden: Tensor, cell: Tensor];

type Given<Input extends Tensor | PackedSequence> = Arguments<['input', 'hx'], [input: Input, hx?: States | null]>;
type Result<Input> = [output: Input, states: [hidden: Tensor, cell: Tensor]];

// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the interface types the call
class LSTMModule extends RNNBase {
  static {
    pythonMethods(this.prototype, 'LSTM', { forward: ['input', 'hx'] });
  }

  constructor(
    input_size: number,
    hidden_size: number,
    num_layers: number = 1,
    bias: boolean = true,
    batch_first: boolean = false,
    dropout: number = 0,
    bidirectional: boolean = false,
    proj_size: number = 0,
    ...factory: Factory
  ) {
    super(
      'LSTM',
      input_size,
      hidden_size,
      num_layers,
      bias,
      batch_first,
      dropout,
      bidirectional,
      proj_size,
      ...factory,
    );
  }

  override forward(...args: Given<PackedSequence>): Result<PackedSequence>;
  override forward(...args: Given<Tensor>): Result<Tensor>;
  override forward(given: unknown, hx: unknown = null): Result<Tensor | PackedSequence> {
    const read = this.readSequences('LSTM', given);
    const { input, batch_sizes, sorted_indices, unsorted_indices, added } = read;
    const states = this.startingStates(read, hx as States | null);
    const { bias, num_layers, dropout, training, bidirectional, batch_first } = this;
    const weights = this.flatWeights();
    const [output, hidden, cell] =
      batch_sizes === null
        ? lstm(input, states, weights, bias, num_layers, dropout, training, bidirectional, batch_first)
        : lstm(input, batch_sizes, states, weights, bias, num_layers, dropout, training, bidirectional);
    if (batch_sizes !== null) {
      return [
        new PackedSequence(output, batch_sizes, sorted_indices, unsorted_indices),
        [permuted(hidden, unsorted_indices), permuted(cell, unsorted_indices)],
      ];
    }
    if (added === null) return [output, [hidden, cell]];
    return [output.squeeze(added), [hidden.squeeze(1), cell.squeeze(1)]];
  }

  private startingStates(read: Sequences, hx: States | null): States {
    const { batch_sizes, sorted_indices, added } = read;
    const features = this.proj_size > 0 ? this.proj_size : this.hidden_size;
    let [hidden, cell] = hx ?? [this.zeroState(read, features), this.zeroState(read, this.hidden_size)];
    if (hx !== null && batch_sizes === null) {
      const dimensions = added === null ? 3 : 2;
      if (hidden.ndim !== dimensions || cell.ndim !== dimensions) {
        const kind = added === null ? 'batched 3-D' : 'unbatched 2-D';
        throw new TorchError(
          `For ${kind} input, hx and cx should also be ${dimensions}-D but got (${hidden.ndim}-D, ${cell.ndim}-D) tensors`,
        );
      }
      if (added !== null) [hidden, cell] = [hidden.unsqueeze(1), cell.unsqueeze(1)];
    }
    if (batch_sizes === null) this.check(read, hidden, cell, features);
    if (hx === null) return [hidden, cell];
    return [permuted(hidden, sorted_indices), permuted(cell, sorted_indices)];
  }

  private check(read: Sequences, hidden: Tensor, cell: Tensor, features: number): void {
    this.checkInput(read);
    this.checkState(hidden, read, features, 'hidden[0]');
    this.checkState(cell, read, this.hidden_size, 'hidden[1]');
  }
}

/** The call, typed by what is read. */
// biome-ignore lint/correctness/noUnusedVariables: merges with the class
interface LSTMModule {
  (...args: Given<PackedSequence>): Result<PackedSequence>;
  (...args: Given<Tensor>): Result<Tensor>;
}

/**
 * Long short-term memory: i, f, o = σ(x·W_iᵀ + b_i + h·W_hᵀ + b_h), g = tanh(the same), c' = f∗c + i∗g, h' = o∗tanh(c'), and
 * with a projection h' = W_hr·h'.
 *
 * Reads sequences as `RNN` does, and a pair of states; gives the last layer's hidden states at all times, and the last
 * states of each layer, hidden (D·num_layers, N, proj_size or hidden_size) and cell (D·num_layers, N, hidden_size).
 *
 * @throws ValueError or TorchError for sequences or states of other shapes
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.LSTM.html
 */
export class LSTM extends pythonClass(
  'RNNBase',
  [
    ...['input_size', 'hidden_size', 'num_layers', 'bias', 'batch_first', 'dropout', 'bidirectional', 'proj_size'],
    ...FACTORY,
  ] as const,
  LSTMModule,
) {}
