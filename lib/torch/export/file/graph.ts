/** Graphs and the arguments of their nodes, from JSON. */
import { dtypeAt, layoutAt, memoryFormatAt } from './codes';
import { fail } from './fault';
import { flag, float, list, map, object, optional, size, text, union, whole } from './json';
import type { Argument, Graph, NamedArgument, NameOf, Node, SymInt } from './types';

type Read = (value: unknown, at: string) => Argument;

const NONE: Argument = { kind: 'none' };

function nameOf(value: unknown, at: string): string {
  return text(object(value, at).name, `${at}.name`);
}

const tensor: Read = (value, at) => ({ kind: 'name', name: nameOf(value, at), of: 'tensor' });

const optionalTensor: Read = (value, at) => {
  const [kind, held, place] = union(value, at);
  if (kind === 'as_none') return NONE;
  return kind === 'as_tensor' ? tensor(held, place) : fail(at, `'${kind}' is not known`);
};

/** A number that is known, or has a name. */
const symbol =
  (of: NameOf, known: string, plain: Read): Read =>
  (value, at) => {
    const [kind, held, place] = union(value, at);
    if (kind === 'as_name') return { kind: 'name', name: text(held, place), of };
    return kind === known ? plain(held, place) : fail(at, `'${kind}' is not known`);
  };

const plainInt: Read = (value, at) => ({ kind: 'plain', value: whole(value, at) });
const plainBool: Read = (value, at) => ({ kind: 'plain', value: flag(value, at) });
const plainText: Read = (value, at) => ({ kind: 'plain', value: text(value, at) });
const plainFloat: Read = (value, at) => ({ kind: 'float', value: float(value, at) });
const symInt = symbol('int', 'as_int', plainInt);
const symFloat = symbol('float', 'as_float', plainFloat);
const symBool = symbol('bool', 'as_bool', plainBool);

const many =
  (read: Read): Read =>
  (value, at) => ({ kind: 'list', items: list(value, at, read) });

/** A device's text: `cuda:1`. */
export function deviceAt(value: unknown, at: string): string {
  const { type, index } = object(value, at);
  const name = text(type, `${at}.type`);
  return index === null || index === undefined ? name : `${name}:${size(index, `${at}.index`)}`;
}

const readers: Readonly<Record<string, Read>> = {
  as_none: () => NONE,
  as_tensor: tensor,
  as_tensors: many(tensor),
  as_nested_tensors: many(many(tensor)),
  as_optional_tensor: optionalTensor,
  as_optional_tensors: many(optionalTensor),
  as_int: plainInt,
  as_ints: many(plainInt),
  as_int_lists: many(many(plainInt)),
  as_float: plainFloat,
  as_floats: many(plainFloat),
  as_float_lists: many(many(plainFloat)),
  as_bool: plainBool,
  as_bools: many(plainBool),
  as_string: plainText,
  as_strings: many(plainText),
  as_sym_int: symInt,
  as_sym_ints: many(symInt),
  as_sym_float: symFloat,
  as_sym_floats: many(symFloat),
  as_sym_bool: symBool,
  as_sym_bools: many(symBool),
  as_scalar_type: (value, at) => ({ kind: 'plain', value: dtypeAt(value, at).code }),
  as_layout: (value, at) => ({ kind: 'plain', value: layoutAt(value, at).code }),
  as_memory_format: (value, at) => ({ kind: 'plain', value: memoryFormatAt(value, at) }),
  as_device: (value, at) => ({ kind: 'plain', value: deviceAt(value, at) }),
  as_complex: (value, at) => {
    const { real, imag } = object(value, at);
    return { kind: 'complex', value: { re: float(real, `${at}.real`), im: float(imag, `${at}.imag`) } };
  },
  as_graph: (value, at) => {
    const { name, graph } = object(value, at);
    return { kind: 'graph', name: text(name, `${at}.name`), graph: readGraph(graph, `${at}.graph`) };
  },
  as_custom_obj: (value, at) => ({
    kind: 'other',
    what: `a custom object of class ${text(object(value, at).class_fqn, at)}`,
  }),
  as_operator: (value, at) => ({ kind: 'other', what: `the operator ${text(value, at)}` }),
  as_string_to_argument: () => ({ kind: 'other', what: 'a dictionary of arguments' }),
};

/** An argument. One of a kind that later versions of PyTorch have is kept, so that the node that has it can be named. */
export function readArgument(value: unknown, at: string): Argument {
  const [kind, held, place] = union(value, at);
  return readers[kind]?.(held, place) ?? { kind: 'other', what: `an argument of the unknown kind '${kind}'` };
}

/** A size or number: known, or an expression. */
function readSymInt(value: unknown, at: string): SymInt {
  const [kind, held, place] = union(value, at);
  if (kind === 'as_int') return Number(whole(held, place));
  if (kind === 'as_expr') return text(object(held, place).expr_str, `${place}.expr_str`);
  fail(at, `'${kind}' is not known`);
}

/** A size that must be known. */
export function readSize(value: unknown, at: string): number {
  const read = readSymInt(value, at);
  return typeof read === 'number' ? size(read, at) : fail(at, `expected a size, found the expression ${read}`);
}

function readNamedArgument(value: unknown, at: string): NamedArgument {
  const { name, arg } = object(value, at);
  return { name: text(name, `${at}.name`), argument: readArgument(arg, `${at}.arg`) };
}

function readNode(value: unknown, at: string): Node {
  const node = object(value, at);
  const target = text(node.target, `${at}.target`);
  return {
    target,
    name: optional(node.name, `${at}.name`, text) ?? target,
    inputs: list(node.inputs, `${at}.inputs`, readNamedArgument),
    outputs: list(node.outputs, `${at}.outputs`, readArgument),
  };
}

/** A graph and those in it. */
export function readGraph(value: unknown, at: string): Graph {
  const graph = object(value, at);
  const sizesOf = (meta: unknown, place: string): SymInt[] =>
    list(object(meta, place).sizes, `${place}.sizes`, readSymInt);
  return {
    inputs: list(graph.inputs, `${at}.inputs`, readArgument),
    outputs: list(graph.outputs, `${at}.outputs`, readArgument),
    nodes: list(graph.nodes, `${at}.nodes`, readNode),
    sizes: map(graph.tensor_values, `${at}.tensor_values`, sizesOf),
    symbols: map(graph.sym_int_values, `${at}.sym_int_values`, readSymInt),
  };
}
