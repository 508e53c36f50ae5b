// PyTorch's own calls of operators (samples.json, which samples.py writes), for raw calls that are nearly right.
import { readFileSync } from 'node:fs';
import * as torch from 'isotorch';

const samples = JSON.parse(readFileSync(new URL('samples.json', import.meta.url), 'utf8'));

/** A dtype, layout or memory format. */
const named = (name) => Reflect.get(torch, name);

/** Samples of all overloads by the operator's name; what writes in place or to `out` reads the same arguments. */
const byOperator = new Map();
for (const [name, found] of Object.entries(samples)) {
  const operator = operatorOf(name);
  byOperator.set(operator, [...(byOperator.get(operator) ?? []), ...found.map((values) => ({ name, values }))]);
}

function operatorOf(name) {
  return name.split('.')[0].replace(/_$/, '');
}

/** The argument that a sample describes, and a text. */
export function remake(described) {
  if (Array.isArray(described)) {
    const items = described.map(remake);
    return { value: items.map(({ value }) => value), text: `[${items.map(({ text }) => text).join(', ')}]` };
  }
  if (typeof described !== 'object' || described === null) return { value: described, text: JSON.stringify(described) };
  if (described.constant !== undefined) return { value: named(described.constant), text: described.constant };
  if (described.float !== undefined)
    return { value: torch.asFloat(Number(described.float.replace('inf', 'Infinity'))), text: described.float };
  if (described.re !== undefined) return { value: described, text: `${described.re}+${described.im}j` };
  return { value: remakeTensor(described), text: JSON.stringify(described) };
}

function remakeTensor({ dtype, shape, stride, values, far }) {
  const count = shape.reduce((product, size) => product * size, 1);
  let elements;
  if (values === undefined) elements = torch.arange(count, { dtype: torch.int64 }).remainder(7).to(named(dtype));
  else elements = torch.tensor(values, { dtype: named(dtype) });
  if (far !== undefined && count > 0) {
    const number = Number(String(far).replace('inf', 'Infinity'));
    const one = torch.full([1], number, { dtype: torch.float64 }).to(named(dtype));
    elements = torch.cat([elements.slice_scatter(one, 0, 0, 1)]);
  }
  const made = elements.reshape(shape);
  if (stride === undefined) return made;
  const room = shape.reduce((sum, size, i) => sum + Math.max(0, size - 1) * stride[i], 1);
  return torch.arange(room, { dtype: torch.int64 }).remainder(7).to(named(dtype)).as_strided(shape, stride);
}

const known = new Map();

/** Samples that tell an operator's arguments by name. @param schemaOf a schema by full name */
export function samplesOf(name, schemaOf) {
  const operator = operatorOf(name);
  if (!known.has(operator)) known.set(operator, makeSamples(operator, schemaOf));
  return known.get(operator);
}

function makeSamples(operator, schemaOf) {
  return (byOperator.get(operator) ?? []).map(({ name: recorded, values }) => {
    const { args } = schemaOf(recorded);
    return new Map(values.map((value, i) => [args[i].name, value]));
  });
}

/** One number or size of a sample, changed. @param draw see tensors.mjs */
export function disturb(draw, described) {
  const changed = structuredClone(described);
  if (typeof changed === 'number') return changed + draw.one([-1, 1, 2, 100]);
  if (Array.isArray(changed) && changed.length > 0) {
    const at = draw.below(changed.length);
    const way = draw.one(['shorter', 'longer', 'other', 'other']);
    if (way === 'shorter') changed.splice(at, 1);
    else if (way === 'longer') changed.push(structuredClone(changed[at]));
    else changed[at] = disturb(draw, changed[at]);
    return changed;
  }
  if (changed?.shape === undefined) return changed;
  disturbTensor(draw, changed);
  return changed;
}

function disturbTensor(draw, tensor) {
  const { shape } = tensor;
  const at = draw.below(shape.length);
  const ways = [
    () => shape.push(draw.below(3)),
    () => shape.splice(at, 1),
    () => shape.unshift(1),
    () => {
      shape[at] = draw.one([0, 1, 2, 3, (shape[at] ?? 1) + 1, (shape[at] ?? 1) - 1, 40]);
      shape[at] = Math.max(0, shape[at]);
    },
    () => {
      tensor.dtype = draw.one([
        'float32',
        'float64',
        'int64',
        'int32',
        'bool',
        'uint8',
        'bfloat16',
        'float16',
        'complex64',
      ]);
    },
    () => {
      const whole = /int|bool/.test(tensor.dtype);
      const far = whole ? [-1, 1, 2, 7, 100_000, -100_000, 2 ** 40] : ['nan', 'inf', '-1', '1e30', '0.3'];
      tensor.far = draw.one(far);
    },
  ];
  if (shape.length === 0) ways.splice(1, 1);
  const way = draw.one(ways);
  way();
  if (way !== ways.at(-1) && way !== ways.at(-2)) {
    delete tensor.stride;
    delete tensor.values;
  }
}
