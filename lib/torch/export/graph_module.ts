/** A program as a module: what `ExportedProgram.module()` gives. */
import { isKeywords } from '../call';
import { handleOf, isTensor, type Tensor, wrap } from '../memory';
import { native, NotImplementedError } from '../native';
import { Module } from '../nn';
import type { OutputSpec, ProgramFile } from './file/types';
import { makeConstraints } from './constraints';
import { makeGuards } from './guards';
import { flattenInputs, leafPaths, type TreeSpec, unflatten } from './pytree';
import type { Values } from './run/binding';
import { type Compiled, run } from './run/step';

/** What every module of a program shares: it is made once, by `load`. */
export interface Prepared {
  readonly file: ProgramFile;
  readonly program: Compiled;
  readonly inSpec: TreeSpec;
  readonly outSpec: TreeSpec;
  /** Leaf of each of the graph's inputs that a call gives; -1 for the others. */
  readonly leafOf: readonly number[];
}

/** A submodule: it holds parameters and buffers, and is not called. */
class Part extends Module {
  override forward(): never {
    throw new NotImplementedError('Module [Module] is missing the required "forward" function');
  }
}

/** Where a tensor hangs. */
interface Hook {
  readonly owner: Module;
  readonly field: string;
}

const copy = native.op('aten::copy_');

/** The module at a path below `root`, made where it is missing. */
function partAt(root: Module, path: readonly string[]): Module {
  let module = root;
  for (const name of path) {
    const children = new Map(module.named_children());
    let child = children.get(name);
    if (child === undefined) {
      child = new Part();
      module.add_module(name, child);
    }
    module = child;
  }
  return module;
}

/**
 * A program as a module. It is called as the module that was exported, and its parameters and buffers have their names;
 * what is tuned to training or to evaluation was so at export.
 */
export class GraphModule extends Module {
  readonly #prepared: Prepared;
  /** Of the graph's first inputs, by their place. */
  readonly #hooks: (Hook | undefined)[];
  readonly #constants = new Map<string, Tensor>();
  readonly #check: (leaves: readonly unknown[]) => void;
  /** Outputs that a call's caller gets, and those that are written back. */
  readonly #mutations: readonly (number | undefined)[];

  /** @internal */
  constructor(prepared: Prepared, tensors: ReadonlyMap<string, Tensor>, checkGuards: boolean) {
    super();
    const { file, inSpec } = prepared;
    this.#prepared = prepared;
    this.#hooks = file.inputs.map((spec) => {
      if (spec.kind === 'user_input' || spec.kind === 'constant_input') return undefined;
      const path = spec.target.split('.');
      const field = path.pop() as string;
      const tensor = tensors.get(spec.target) as Tensor;
      if (spec.kind === 'tensor_constant') {
        this.#constants.set(spec.target, tensor);
        return undefined;
      }
      const owner = partAt(this, path);
      if (spec.kind === 'buffer') owner.register_buffer(field, tensor, spec.persistent);
      else owner.register_parameter(field, tensor as never);
      return { owner, field };
    });
    this.#mutations = file.outputs.map((spec) => mutated(file, spec));
    const paths = leafPaths(inSpec, file.argumentNames ?? []);
    this.#check = checkGuards ? makeGuards(file, paths) : makeConstraints(file, inSpec);
  }

  /**
   * The outputs for the inputs: those by position, then the keywords in an object.
   *
   * @throws ValueError for inputs of another structure, AssertionError "Guard failed: …" for sizes and constants that the
   * program was not exported for
   */
  override forward(...inputs: unknown[]): unknown {
    const { inSpec, outSpec } = this.#prepared;
    const positional = inSpec.children[0]?.children.length ?? 0;
    const last = inputs[inputs.length - 1];
    const keyed = (inSpec.children[1]?.children.length ?? 0) > 0 || inputs.length === positional + 1;
    const [args, keywords] =
      keyed && isKeywords(last) && inputs.length > 0 ? [inputs.slice(0, -1), last] : [inputs, {}];
    const leaves = flattenInputs(args, keywords, inSpec);
    this.#check(leaves);
    return unflatten(this.#run(leaves), outSpec);
  }

  /** Refused, as in Python: what training changes was fixed at export. */
  override train(): never {
    throw new NotImplementedError('Calling train() is not supported yet.');
  }

  /** Refused, as in Python: export a program of the module in `eval()`. */
  override eval(): never {
    throw new NotImplementedError('Calling eval() is not supported yet.');
  }

  #run(leaves: readonly unknown[]): unknown[] {
    const { program } = this.#prepared;
    const { objects, values } = this.#inputs(leaves);
    run(program, values);
    return this.#outputs(objects, values);
  }

  /** The graph's inputs, as objects and as native code has them. */
  #inputs(leaves: readonly unknown[]): { objects: unknown[]; values: Values } {
    const { file, program, leafOf } = this.#prepared;
    const values: Values = new Array<unknown>(program.size);
    const objects: unknown[] = [];
    for (let i = 0; i < program.inputs; i++) {
      const hook = this.#hooks[i];
      const spec = file.inputs[i] as ProgramFile['inputs'][number];
      const object =
        hook !== undefined
          ? (hook.owner as unknown as Record<string, unknown>)[hook.field]
          : spec.kind === 'tensor_constant'
            ? this.#constants.get(spec.target)
            : leaves[leafOf[i] as number];
      objects.push(object);
      values[i] = isTensor(object) ? handleOf(object) : object;
    }
    return { objects, values };
  }

  /** Writes mutated inputs back; the rest of the outputs. */
  #outputs(objects: readonly unknown[], values: Values): unknown[] {
    const { program } = this.#prepared;
    const made = new Map<number, unknown>();
    for (const [i, target] of this.#mutations.entries()) {
      const output = program.outputs[i];
      if (target === undefined || output === undefined || !('slot' in output)) continue;
      copy(values[target], values[output.slot], false);
      // As in Python, what is also returned is what was written to.
      if (program.owns(output.slot)) native.release(values[output.slot] as number);
      made.set(output.slot, objects[target]);
    }
    const results: unknown[] = [];
    program.outputs.forEach((output, i) => {
      if (this.#mutations[i] !== undefined) return;
      if (!('slot' in output)) {
        results.push(output.value);
        return;
      }
      const { slot, of } = output;
      if (!made.has(slot)) {
        const value = values[slot];
        const owned = of === 'tensor' && program.owns(slot) && typeof value === 'number';
        made.set(slot, owned ? wrap(value) : slot < objects.length ? objects[slot] : value);
      }
      results.push(made.get(slot));
    });
    return results;
  }
}

/** The graph's input that an output is written to. */
function mutated(file: ProgramFile, { kind, target }: OutputSpec): number | undefined {
  if (!kind.endsWith('_mutation')) return undefined;
  const byName = kind === 'user_input_mutation';
  return file.inputs.findIndex((spec) =>
    byName ? spec.kind === 'user_input' && spec.name === target : 'target' in spec && spec.target === target,
  );
}
