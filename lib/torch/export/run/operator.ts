/** Nodes that call an operator of libtorch. */
import { takeList } from '../../memory';
import { native, type NumberList, type Schema } from '../../native';
import { Fault } from '../file/fault';
import type { Argument, Node } from '../file/types';
import { type Binding, bindArguments, type Values } from './binding';
import type { Place, Run } from './step';

/** `aten::add.Tensor` of `torch.ops.aten.add.Tensor`. */
function operatorName(target: string): string {
  const [, namespace, name, overload] = /^torch\.ops\.(\w+)\.(\w+)\.(\w+)$/.exec(target) ?? [];
  if (namespace === undefined) throw new Fault('its target is no name of an operator');
  return overload === 'default' ? `${namespace}::${name}` : `${namespace}::${name}.${overload}`;
}

/** Calls the operator. V8 calls a native function faster where it gets its arguments one by one. */
function caller(number: number, binding: Binding): (values: Values) => unknown {
  const call = native.call_numbered;
  return (values) => {
    const a = binding.fill(values);
    switch (a.length) {
      case 1:
        return call(number, a[0]);
      case 2:
        return call(number, a[0], a[1]);
      case 3:
        return call(number, a[0], a[1], a[2]);
      case 4:
        return call(number, a[0], a[1], a[2], a[3]);
      case 5:
        return call(number, a[0], a[1], a[2], a[3], a[4]);
      case 6:
        return call(number, a[0], a[1], a[2], a[3], a[4], a[5]);
      default:
        return call(number, ...a);
    }
  };
}

/** What takes one result. */
type Take = (values: Values, raw: unknown) => void;

const discard: Take = () => {};

/** Frees a result that has no name. */
const release: Take = (_, raw) => {
  if (typeof raw === 'number') native.release(raw);
};

/** Where the results of one return of the schema go. */
function taker(node: Node, schema: Schema, index: number, output: Argument | undefined, { slots, step }: Place): Take {
  const { type, writes } = schema.returns[index] as Schema['returns'][number];
  const isTensor = /^(Optional\[)?Tensor\b/.test(type);
  if (writes !== undefined) {
    const parameter = schema.args.find((argument) => argument.writes === writes);
    const given = node.inputs.find(({ name }) => name === parameter?.name)?.argument;
    if (given?.kind === 'name' && output?.kind === 'name') slots.alias(output.name, slots.use(given.name, step));
    return discard;
  }
  if (type.startsWith('List[')) {
    const items = output?.kind === 'list' ? output.items : [];
    const places = items.map((item) =>
      item.kind === 'name' ? slots.add(item.name, step, !type.includes('Tensor')) : -1,
    );
    return (values, raw) => {
      const list = takeList(raw as NumberList<unknown>);
      list.forEach((item, i) => {
        const slot = places[i] ?? -1;
        if (slot >= 0) values[slot] = item;
        else release(values, item);
      });
      if (list.length < places.length)
        throw new Fault(`it has ${list.length} results where the program has ${places.length}`);
    };
  }
  if (output?.kind !== 'name') return isTensor ? release : discard;
  const slot = slots.add(output.name, step, !isTensor);
  return (values, raw) => {
    values[slot] = raw;
  };
}

/** A node that calls an operator. */
export function operatorStep(node: Node, place: Place): Run {
  const name = operatorName(node.target);
  const number = native.number_of_op(name);
  const schema = native.schema(name);
  const binding = bindArguments(schema, node.inputs, (input) => place.slots.use(input, place.step));
  const call = caller(number, binding);
  const { returns } = schema;
  if (node.outputs.length > returns.length)
    throw new Fault(`it has ${returns.length} results, not ${node.outputs.length}`);
  const takers = returns.map((_, i) => taker(node, schema, i, node.outputs[i], place));
  const [first = discard] = takers;
  if (returns.length <= 1) return (values) => first(values, call(values));
  return (values) => {
    const results = takeList(call(values) as NumberList<unknown>);
    for (let i = 0; i < takers.length; i++) (takers[i] as Take)(values, results[i]);
  };
}
