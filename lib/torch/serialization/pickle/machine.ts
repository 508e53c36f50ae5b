/**
 * Runs pickles without trust. A pickle is a program for a small machine with a stack; here it can make plain data and call what the
 * list of globals has, and nothing else.
 */
import { Float } from '../../core';
import { fault } from '../source';
import { constantOf } from './constants';
import { UnpicklingError } from './errors';
import { type Instruction, nextInstruction, type OpName } from './opcodes';
import type { PickleReader } from './reader';
import { type Global, isBuildable, isGlobal, isItemTaking, PyDict, PyList, PySet, PyTuple } from './values';

/** Newest protocol there is. */
const NEWEST_PROTOCOL = 5;

/** What a pickle is run with. */
export interface Context {
  /** The class or function of this name. @throws UnpicklingError where it may not be loaded */
  find(module: string, name: string): Global | unknown;
  /** What lies outside of the pickle, such as storages. */
  persistent(id: unknown): unknown;
}

/** One run of one pickle. */
class Machine {
  readonly #context: Context;
  readonly #memo = new Map<number, unknown>();
  #stack: unknown[] = [];
  readonly #below: unknown[][] = [];

  constructor(context: Context) {
    this.#context = context;
  }

  run(reader: PickleReader): unknown {
    for (;;) {
      const instruction = nextInstruction(reader);
      if (instruction.op === 'STOP') return this.#pop();
      this.#execute(instruction);
    }
  }

  #push(value: unknown): void {
    this.#stack.push(value);
  }

  #pop(): unknown {
    if (this.#stack.length === 0) throw fault('its pickle takes more values than it made');
    return this.#stack.pop();
  }

  #top(): unknown {
    if (this.#stack.length === 0) throw fault('its pickle takes more values than it made');
    return this.#stack[this.#stack.length - 1];
  }

  /** The values after the last mark. */
  #marked(): unknown[] {
    const before = this.#below.pop();
    if (before === undefined) throw fault('its pickle goes back to a mark that it did not set');
    const items = this.#stack;
    this.#stack = before;
    return items;
  }

  #remember(key: number): void {
    this.#memo.set(key, this.#top());
  }

  #recall(key: number): void {
    if (!this.#memo.has(key)) throw fault(`its pickle recalls value ${key}, which it did not remember`);
    this.#push(this.#memo.get(key));
  }

  #execute({ op, argument }: Instruction): void {
    const constant = constantOf(op, argument);
    if (constant !== undefined) {
      this.#push(constant.value);
      return;
    }
    switch (op) {
      case 'MARK':
        this.#below.push(this.#stack);
        this.#stack = [];
        return;
      case 'POP':
        // A mark that stands alone goes, too.
        if (this.#stack.length === 0) this.#marked();
        else this.#pop();
        return;
      case 'POP_MARK':
        this.#marked();
        return;
      case 'DUP':
        this.#push(this.#top());
        return;
      case 'LIST':
        this.#push(new PyList(this.#marked()));
        return;
      case 'TUPLE':
        this.#push(new PyTuple(this.#marked()));
        return;
      case 'TUPLE1':
      case 'TUPLE2':
      case 'TUPLE3': {
        const count = Number(op.at(-1));
        const items = Array.from({ length: count }, () => this.#pop()).reverse();
        this.#push(new PyTuple(items));
        return;
      }
      case 'DICT': {
        const items = this.#marked();
        this.#push(new PyDict('dict'));
        this.#setItems(items);
        return;
      }
      case 'APPEND':
        this.#append([this.#pop()]);
        return;
      case 'APPENDS':
        this.#append(this.#marked());
        return;
      case 'SETITEM': {
        const value = this.#pop();
        this.#setItems([this.#pop(), value]);
        return;
      }
      case 'SETITEMS':
        this.#setItems(this.#marked());
        return;
      case 'ADDITEMS': {
        const items = this.#marked();
        const set = this.#top();
        if (!(set instanceof PySet)) throw fault('its pickle adds items to what is no set');
        for (const item of items) set.items.add(keyOf(item));
        return;
      }
      case 'PUT':
      case 'BINPUT':
      case 'LONG_BINPUT':
        this.#remember(Number(argument));
        return;
      case 'MEMOIZE':
        this.#remember(this.#memo.size);
        return;
      case 'GET':
      case 'BINGET':
      case 'LONG_BINGET':
        this.#recall(Number(argument));
        return;
      case 'PROTO':
        if ((argument as number) > NEWEST_PROTOCOL)
          throw fault(`its pickle is of protocol ${argument}, which there is not`);
        return;
      case 'FRAME':
        return;
      case 'BINPERSID':
        this.#push(this.#context.persistent(this.#pop()));
        return;
      case 'PERSID':
        this.#push(this.#context.persistent(argument));
        return;
      default:
        this.#object(op, argument);
    }
  }

  /** Instructions that name, call and fill objects. */
  #object(op: OpName, argument: unknown): void {
    switch (op) {
      case 'GLOBAL': {
        const [module, name] = argument as [string, string];
        this.#push(this.#context.find(module, name));
        return;
      }
      case 'STACK_GLOBAL': {
        const name = this.#pop();
        const module = this.#pop();
        if (typeof name !== 'string' || typeof module !== 'string')
          throw fault('its pickle names a global by what is no text');
        this.#push(this.#context.find(module, name));
        return;
      }
      case 'REDUCE':
      case 'NEWOBJ': {
        const args = this.#pop();
        this.#push(called(this.#pop(), args));
        return;
      }
      case 'NEWOBJ_EX': {
        const keywords = this.#pop();
        const args = this.#pop();
        if (!(keywords instanceof PyDict) || keywords.entries.size > 0) {
          throw fault('its pickle makes an object with keywords, which nothing that may be loaded takes');
        }
        this.#push(called(this.#pop(), args));
        return;
      }
      case 'BUILD': {
        const state = this.#pop();
        this.#build(this.#top(), state);
        return;
      }
      default:
        throw new UnpicklingError(`its pickle has the instruction ${op}, which is not run here`);
    }
  }

  #build(object: unknown, state: unknown): void {
    if (object instanceof PyDict && object.kind === 'OrderedDict' && state instanceof PyDict) {
      object.attributes = state;
      return;
    }
    if (!isBuildable(object)) throw new UnpicklingError('its pickle gives a state to an object that takes none');
    object.build(state);
  }

  #append(items: readonly unknown[]): void {
    const list = this.#top();
    if (!(list instanceof PyList)) throw fault('its pickle appends to what is no list');
    for (const item of items) list.items.push(item);
  }

  #setItems(items: readonly unknown[]): void {
    const dict = this.#top();
    if (items.length % 2 !== 0) throw fault('its pickle has a key without a value');
    if (isItemTaking(dict)) {
      for (let i = 0; i < items.length; i += 2) dict.setItem(items[i], items[i + 1]);
      return;
    }
    if (!(dict instanceof PyDict)) throw fault('its pickle sets an item of what is no dict');
    for (let i = 0; i < items.length; i += 2) dict.entries.set(keyOf(items[i]), items[i + 1]);
  }
}

/** A key, or an item of a set: 1 and 1.0 are one in Python. */
function keyOf(value: unknown): unknown {
  if (value instanceof PyList || value instanceof PyDict || value instanceof PySet) {
    throw fault('its pickle has a key that can change (a list, a dict or a set)');
  }
  return value instanceof Float ? value.float : value;
}

function called(target: unknown, args: unknown): unknown {
  if (!isGlobal(target)) throw new UnpicklingError('its pickle calls what is no function');
  if (!(args instanceof PyTuple)) throw fault(`its pickle calls ${target.path} with what is no tuple`);
  return target.call(args.items);
}

/** Runs the pickle that begins at the reader's position, and leaves the reader after it. */
export function runPickle(reader: PickleReader, context: Context): unknown {
  return new Machine(context).run(reader);
}
