/** Arguments of an operator's call: what is known is written down once, and what is not is filled in at each call. */
import { asFloat } from '../../core';
import { passInts } from '../../memory';
import { native, type Schema, type SchemaArgument } from '../../native';
import { Fault } from '../file/fault';
import type { Argument, NamedArgument } from '../file/types';

/** Values of a graph while it runs, by slot: handles of tensors, and numbers. */
export type Values = unknown[];

/** Where a name's value is. */
export type SlotOf = (name: string) => number;

/** What an argument is at a call. */
type Fill = (values: Values) => unknown;

/** A call's arguments in native code's form, `undefined` where the default holds. */
export interface Binding {
  /** The same array at every call. */
  fill(values: Values): readonly unknown[];
}

const isTensorType = (type: string): boolean => /^(Optional\[)?Tensor\b/.test(type);
const isScalarType = (type: string): boolean => /^(Optional\[)?number\b/.test(type);

/** A float where an int of the same value would mean something else. */
const scalar = (value: number): unknown => (Number.isInteger(value) ? asFloat(value) : value);

function inner(type: string): string {
  const bare = type.replace(/^Optional\[(.*)\]$/, '$1');
  const of = /^List\[(.*)\]$/.exec(bare)?.[1];
  return of ?? bare;
}

/** A number, as an argument of this type takes it. */
function numberFor(type: string, value: unknown, float: boolean): unknown {
  if (isTensorType(type)) return [float ? scalar(value as number) : value];
  if (isScalarType(type)) return float ? scalar(value as number) : value;
  if (typeof value === 'boolean' && !/\bbool\b/.test(type)) return Number(value);
  return value;
}

function known(argument: Argument, type: string): unknown {
  switch (argument.kind) {
    case 'none':
      return null;
    case 'plain':
      return typeof argument.value === 'string' ? argument.value : numberFor(type, argument.value, false);
    case 'float':
      return numberFor(type, argument.value, true);
    case 'complex':
      return isTensorType(type) ? [argument.value] : argument.value;
    default:
      throw new Fault(argument.kind === 'other' ? argument.what : `a ${argument.kind} is no argument of type ${type}`);
  }
}

function named(argument: Argument & { kind: 'name' }, type: string, slot: number): Fill | number {
  if (argument.of === 'tensor') {
    if (isTensorType(type)) return slot;
    // As in Python, a tensor of one element may stand for its value.
    return (values) => native.item(values[slot] as number);
  }
  const float = argument.of === 'float';
  if (!isTensorType(type) && !(isScalarType(type) && float) && argument.of !== 'bool') return slot;
  return (values) => numberFor(type, values[slot], float);
}

/** A list with parts that are known only at a call. */
function listFill(items: readonly Argument[], type: string, slotOf: SlotOf): Fill {
  const list: unknown[] = [];
  const places: [index: number, fill: Fill | number][] = [];
  const plain = /^(int|Tensor)$/.test(type);
  items.forEach((item, i) => {
    if (item.kind === 'name') places.push([i, named(item, type, slotOf(item.name))]);
    list.push(
      item.kind === 'name'
        ? undefined
        : item.kind === 'list'
          ? listFill(item.items, inner(type), slotOf)([])
          : known(item, type),
    );
  });
  return (values) => {
    for (const [index, fill] of places) list[index] = typeof fill === 'number' ? values[fill] : fill(values);
    return plain ? passInts(list) : list;
  };
}

function argumentOf(schema: Schema, name: string): [SchemaArgument, number] {
  const index = schema.args.findIndex((argument) => argument.name === name);
  const found = schema.args[index];
  if (found === undefined) throw new Fault(`${schema.name} has no argument '${name}'`);
  return [found, index];
}

/**
 * The arguments of a node for an operator.
 * @throws Fault for arguments that the operator does not take
 */
export function bindArguments(schema: Schema, inputs: readonly NamedArgument[], slotOf: SlotOf): Binding {
  const args: unknown[] = [];
  const direct: [index: number, slot: number][] = [];
  const fills: [index: number, fill: Fill][] = [];
  for (const { name, argument } of inputs) {
    const [{ type }, index] = argumentOf(schema, name);
    while (args.length <= index) args.push(undefined);
    if (argument.kind === 'list') {
      fills.push([index, listFill(argument.items, inner(type), slotOf)]);
    } else if (argument.kind === 'name') {
      const fill = named(argument, type, slotOf(argument.name));
      if (typeof fill === 'number') direct.push([index, fill]);
      else fills.push([index, fill]);
    } else {
      args[index] = known(argument, type);
    }
  }
  const missing = schema.args.find(
    ({ name, hasDefault }) => !hasDefault && !inputs.some((input) => input.name === name),
  );
  if (missing !== undefined) throw new Fault(`${schema.name} misses its argument '${missing.name}'`);
  return {
    fill(values) {
      for (let i = 0; i < direct.length; i++) {
        const place = direct[i] as [number, number];
        args[place[0]] = values[place[1]];
      }
      for (let i = 0; i < fills.length; i++) {
        const place = fills[i] as [number, Fill];
        args[place[0]] = place[1](values);
      }
      return args;
    },
  };
}
