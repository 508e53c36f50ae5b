/** A program that was loaded: its tensors, what it says of itself, and modules that run it. */
import { type MethodArguments, pythonFunction } from '../call';
import { ours, refuseUsers } from '../core';
import type { Tensor } from '../memory';
import type { Parameter } from '../nn';
import type { InputSpec, ProgramFile, Range } from './file/types';
import { GraphModule, type Prepared } from './graph_module';

/** Inputs and outputs of a program's graph, and the parameters and buffers that they stand for. */
export class ExportGraphSignature {
  readonly #file: ProgramFile;

  /** @internal */
  constructor(file: ProgramFile, key: typeof ours) {
    refuseUsers(key, 'ExportGraphSignature', 'an ExportedProgram has one');
    this.#file = file;
  }

  /** Names of the parameters, in the order of the graph's inputs. */
  get parameters(): string[] {
    return this.#targets('parameter');
  }

  /** Names of the buffers. */
  get buffers(): string[] {
    return this.#targets('buffer');
  }

  /** Names of the buffers that no state dict holds. */
  get non_persistent_buffers(): string[] {
    return this.#file.inputs.flatMap((spec) => (spec.kind === 'buffer' && !spec.persistent ? [spec.target] : []));
  }

  /** Names of the tensors that are neither parameters nor buffers. */
  get lifted_tensor_constants(): string[] {
    return this.#targets('tensor_constant');
  }

  /** Names of the graph's inputs that a call gives; constants as their values. */
  get user_inputs(): unknown[] {
    return this.#file.inputs.flatMap((spec) =>
      spec.kind === 'user_input' ? [spec.name] : spec.kind === 'constant_input' ? [spec.value] : [],
    );
  }

  /** Names of the graph's outputs that a call gets; constants as their values. */
  get user_outputs(): unknown[] {
    return this.#file.outputs.flatMap(({ kind, argument }) => {
      if (kind !== 'user_output') return [];
      if (argument.kind === 'name') return [argument.name];
      return [argument.kind === 'plain' || argument.kind === 'float' ? argument.value : null];
    });
  }

  /** Parameter's name by the name of the graph's input. */
  get inputs_to_parameters(): Record<string, string> {
    return this.#named('parameter');
  }

  /** Buffer's name by the name of the graph's input. */
  get inputs_to_buffers(): Record<string, string> {
    return this.#named('buffer');
  }

  /** Buffer's name by the name of the output that is written to it. */
  get buffers_to_mutate(): Record<string, string> {
    const pairs = this.#file.outputs.flatMap(({ kind, argument, target }) =>
      kind === 'buffer_mutation' && argument.kind === 'name' ? [[argument.name, target as string] as const] : [],
    );
    return Object.fromEntries(pairs);
  }

  #targets(kind: InputSpec['kind']): string[] {
    return this.#file.inputs.flatMap((spec) => (spec.kind === kind && 'target' in spec ? [spec.target] : []));
  }

  #named(kind: InputSpec['kind']): Record<string, string> {
    return Object.fromEntries(
      this.#file.inputs.flatMap((spec) => (spec.kind === kind && 'target' in spec ? [[spec.name, spec.target]] : [])),
    );
  }
}

const makeModule = pythonFunction(
  'ExportedProgram.module',
  ['self', 'check_guards'],
  (self: ExportedProgram, check_guards: boolean = true): GraphModule => self.makeModule(check_guards),
);

/**
 * A program that Python's `torch.export` made.
 *
 * @example
 * const program = torch.export.load('model.pt2');
 * const net = program.module();
 * const y = net(x);
 * @see https://docs.pytorch.org/docs/stable/export.html#torch.export.ExportedProgram
 */
export class ExportedProgram {
  readonly #prepared: Prepared;
  readonly #state: ReadonlyMap<string, Tensor>;
  readonly #constants: ReadonlyMap<string, Tensor>;
  /** What the graph's inputs and outputs stand for. */
  readonly graph_signature: ExportGraphSignature;

  /** @internal */
  constructor(
    prepared: Prepared,
    state: ReadonlyMap<string, Tensor>,
    constants: ReadonlyMap<string, Tensor>,
    key: typeof ours,
  ) {
    refuseUsers(key, 'torch.export.ExportedProgram', 'torch.export.load() makes them');
    this.#prepared = prepared;
    this.#state = state;
    this.#constants = constants;
    this.graph_signature = new ExportGraphSignature(prepared.file, ours);
  }

  /** Parameters and persistent buffers by name. */
  get state_dict(): Record<string, Tensor> {
    return Object.fromEntries(this.#state);
  }

  /** Other tensors by name: constants, and buffers that no state dict holds. */
  get constants(): Record<string, Tensor> {
    return Object.fromEntries(this.#constants);
  }

  /** The same as `constants`. */
  get tensor_constants(): Record<string, Tensor> {
    return this.constants;
  }

  /** Least and greatest value of each symbol among the sizes; null where there is none. */
  get range_constraints(): Record<string, Range> {
    return Object.fromEntries(this.#prepared.file.ranges);
  }

  /** `TRAINING`, or `ATEN` after `run_decompositions`. */
  get dialect(): string {
    return this.#prepared.file.verifiers[0] ?? '';
  }

  /** Version of PyTorch that wrote the program. */
  get torch_version(): string {
    return this.#prepared.file.torchVersion;
  }

  /** The parameters, in the order of the graph's inputs. */
  parameters(): Parameter[] {
    return this.named_parameters().map(([, parameter]) => parameter);
  }

  /** The parameters with their names. */
  named_parameters(): [string, Parameter][] {
    return this.graph_signature.parameters.map((name) => [name, this.#state.get(name) as Parameter]);
  }

  /** The buffers, in the order of the graph's inputs. */
  buffers(): Tensor[] {
    return this.named_buffers().map(([, buffer]) => buffer);
  }

  /** The buffers with their names. */
  named_buffers(): [string, Tensor][] {
    return this.graph_signature.buffers.map((name) => [
      name,
      (this.#state.get(name) ?? this.#constants.get(name)) as Tensor,
    ]);
  }

  /**
   * A module that runs the program. Its parameters and buffers are the program's own, and modules share them.
   *
   * With `check_guards: false` conditions that the tracer met are not looked at, and sizes are refused in other words.
   */
  module(...args: MethodArguments<typeof makeModule>): GraphModule {
    return makeModule(this, ...args);
  }

  /** @internal */
  makeModule(checkGuards: boolean): GraphModule {
    return new GraphModule(this.#prepared, new Map([...this.#constants, ...this.#state]), checkGuards);
  }

  /** What `console.log` shows. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }

  /** Names of inputs and outputs. */
  toString(): string {
    const { inputs, outputs, ranges } = this.#prepared.file;
    const shown = inputs.map(
      (spec) => `    ${spec.name}: ${spec.kind.toUpperCase()}${'target' in spec ? ` target='${spec.target}'` : ''}`,
    );
    const results = outputs.map(({ kind, argument, target }) => {
      const name = argument.kind === 'name' ? argument.name : String('value' in argument ? argument.value : 'None');
      return `    ${name}: ${kind.toUpperCase()}${target === null ? '' : ` target='${target}'`}`;
    });
    const limits = [...ranges].map(([name, { min, max }]) => `${name}: VR[${min ?? '-int_oo'}, ${max ?? 'int_oo'}]`);
    return `ExportedProgram:\nGraph signature: \n    # inputs\n${shown.join('\n')}\n\n    # outputs\n${results.join('\n')}\n\nRange constraints: {${limits.join(', ')}}\n`;
  }
}
