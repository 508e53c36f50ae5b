/** Recurrent networks of one step and one layer. */
import { type Arguments, pythonClass, pythonMethods } from '../../../call';
import { empty, gru_cell, lstm_cell, rnn_relu_cell, rnn_tanh_cell, zeros } from '../../../generated/functions';
import type { Tensor } from '../../../memory';
import { TorchError, ValueError } from '../../../native';
import { uniform_ } from '../../init/basic';
import { FACTORY, type Factory, factoryOptions } from '../../module/factory';
import { Module } from '../../module/module';
import { Parameter } from '../../parameter';

type Given = Arguments<['input', 'hx'], [input: Tensor, hx?: Tensor | null]>;
type States = [hidden: Tensor, cell: Tensor];

class RNNCellBaseModule extends Module {
  static {
    pythonMethods(this.prototype, 'RNNCellBase', { reset_parameters: [], extra_repr: [] });
  }

  /** (num_chunks·hidden_size, input_size). */
  weight_ih: Parameter;
  /** (num_chunks·hidden_size, hidden_size). */
  weight_hh: Parameter;
  declare bias_ih: Parameter | null;
  declare bias_hh: Parameter | null;

  constructor(
    /** Number of features of the input. */
    readonly input_size: number,
    /** Number of features of the hidden state. */
    readonly hidden_size: number,
    /** Whether there are biases. Default true. */
    readonly bias: boolean,
    num_chunks: number,
    ...factory: Factory
  ) {
    super();
    const options = factoryOptions(...factory);
    const rows = num_chunks * hidden_size;
    const made = (...shape: number[]) => new Parameter(empty(shape, options));
    this.weight_ih = made(rows, input_size);
    this.weight_hh = made(rows, hidden_size);
    this.register_parameter('bias_ih', bias ? made(rows) : null);
    this.register_parameter('bias_hh', bias ? made(rows) : null);
    this.reset_parameters();
  }

  /** Draws new initial values, uniform in ±1/√hidden_size, in the order of the parameters. */
  reset_parameters(): void {
    const bound = this.hidden_size > 0 ? 1 / Math.sqrt(this.hidden_size) : 0;
    for (const weight of this.parameters()) uniform_(weight, -bound, bound);
  }

  override extra_repr(): string {
    const { bias } = this;
    // Python takes anything for true, and shows what it took.
    const shown = bias === true ? '' : `, bias=${bias === false ? 'False' : String(bias)}`;
    return `${this.input_size}, ${this.hidden_size}${shown}`;
  }

  protected zeroState(input: Tensor): Tensor {
    const { dtype, device } = input;
    return zeros([input.size(0), this.hidden_size], { dtype, device });
  }
}

/** The base of the cells. */
export class RNNCellBase extends pythonClass(
  'RNNCellBase',
  ['input_size', 'hidden_size', 'bias', 'num_chunks', ...FACTORY],
  RNNCellBaseModule,
) {}

function checkDimensions(cell: string, what: string, { ndim }: Tensor): void {
  if (ndim === 1 || ndim === 2) return;
  throw new ValueError(`${cell}: Expected ${what} to be 1D or 2D, got ${ndim}D instead`);
}

/** A cell with one state. */
abstract class OneState extends RNNCellBase {
  /** One step of a batch. */
  protected abstract step(input: Tensor, state: Tensor): Tensor;

  override forward(...args: Given): Tensor;
  override forward(input: Tensor, hx: Tensor | null = null): Tensor {
    const { name } = this.constructor;
    checkDimensions(name, 'input', input);
    if (hx !== null) checkDimensions(name, 'hidden', hx);
    if (input.ndim === 2) return this.step(input, hx ?? this.zeroState(input));
    const batch = input.unsqueeze(0);
    return this.step(batch, hx?.unsqueeze(0) ?? this.zeroState(batch)).squeeze(0);
  }
}

class RNNCellModule extends OneState {
  static {
    pythonMethods(this.prototype, 'RNNCell', { forward: ['input', 'hx'] });
  }

  constructor(
    input_size: number,
    hidden_size: number,
    bias: boolean = true,
    /** 'tanh' or 'relu'. Default 'tanh'. */
    readonly nonlinearity: 'tanh' | 'relu' = 'tanh',
    ...factory: Factory
  ) {
    super(input_size, hidden_size, bias, 1, ...factory);
  }

  override extra_repr(): string {
    return `${super.extra_repr()}${this.nonlinearity === 'tanh' ? '' : `, nonlinearity=${this.nonlinearity}`}`;
  }

  protected override step(input: Tensor, state: Tensor): Tensor {
    const { nonlinearity } = this;
    const operator = { tanh: rnn_tanh_cell, relu: rnn_relu_cell }[nonlinearity];
    if (operator === undefined) throw new TorchError(`Unknown nonlinearity: ${nonlinearity}`);
    return operator(input, state, this.weight_ih, this.weight_hh, this.bias_ih, this.bias_hh);
  }
}

/**
 * One step of Elman's recurrent network: h' = tanh(x·W_ihᵀ + b_ih + h·W_hhᵀ + b_hh), or with ReLU.
 * (N, input_size) and (N, hidden_size) → (N, hidden_size), or all without N.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.RNNCell.html
 */
export class RNNCell extends pythonClass(
  'RNNCell',
  ['input_size', 'hidden_size', 'bias', 'nonlinearity', ...FACTORY],
  RNNCellModule,
) {}

class GRUCellModule extends OneState {
  static {
    pythonMethods(this.prototype, 'GRUCell', { forward: ['input', 'hx'] });
  }

  constructor(input_size: number, hidden_size: number, bias: boolean = true, ...factory: Factory) {
    super(input_size, hidden_size, bias, 3, ...factory);
  }

  protected override step(input: Tensor, state: Tensor): Tensor {
    return gru_cell(input, state, this.weight_ih, this.weight_hh, this.bias_ih, this.bias_hh);
  }
}

/**
 * One step of gated recurrent units, with the formulas of `GRU`. Reads and gives what `RNNCell` does.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.GRUCell.html
 */
export class GRUCell extends pythonClass('GRUCell', ['input_size', 'hidden_size', 'bias', ...FACTORY], GRUCellModule) {}

class LSTMCellModule extends RNNCellBase {
  static {
    pythonMethods(this.prototype, 'LSTMCell', { forward: ['input', 'hx'] });
  }

  constructor(input_size: number, hidden_size: number, bias: boolean = true, ...factory: Factory) {
    super(input_size, hidden_size, bias, 4, ...factory);
  }

  override forward(...args: Arguments<['input', 'hx'], [input: Tensor, hx?: Readonly<States> | null]>): States;
  override forward(input: Tensor, hx: Readonly<States> | null = null): States {
    checkDimensions('LSTMCell', 'input', input);
    for (const [i, state] of hx?.entries() ?? []) checkDimensions('LSTMCell', `hx[${i}]`, state);
    if (input.ndim === 2) return this.step(input, hx ?? this.zeroStates(input));
    const batch = input.unsqueeze(0);
    const states = hx === null ? this.zeroStates(batch) : ([hx[0].unsqueeze(0), hx[1].unsqueeze(0)] as const);
    const [hidden, cell] = this.step(batch, states);
    return [hidden.squeeze(0), cell.squeeze(0)];
  }

  private step(input: Tensor, states: Readonly<States>): States {
    return lstm_cell(input, states, this.weight_ih, this.weight_hh, this.bias_ih, this.bias_hh);
  }

  private zeroStates(input: Tensor): States {
    const state = this.zeroState(input);
    return [state, state];
  }
}

/**
 * One step of long short-term memory, with the formulas of `LSTM`. (N, input_size) and a pair of (N, hidden_size) → the next
 * pair, hidden state and cell state; or all without N.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.LSTMCell.html
 */
export class LSTMCell extends pythonClass(
  'LSTMCell',
  ['input_size', 'hidden_size', 'bias', ...FACTORY],
  LSTMCellModule,
) {}
