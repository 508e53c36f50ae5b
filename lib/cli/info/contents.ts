/** What is in a file that was loaded: tensors, plain values, Python's objects, by their places. */
import { is_tensor, type Tensor } from 'isotorch';

/** A tensor in a file. */
export interface TensorInfo {
  name: string;
  dtype: string;
  shape: number[];
  bytes: number;
  /** Of a tensor of one number. */
  value?: string;
}

/** All that was found. */
export interface Contents {
  tensors: TensorInfo[];
  /** Numbers, texts and the like. */
  values: { name: string; value: string | number | boolean | null }[];
  /** Objects of classes of Python's that are neither plain data nor tensors. */
  objects: { name: string; class: string }[];
}

/** What stands for an object of Python's: its class is named, nothing of it is run. */
export class PythonObject {
  private state: unknown;

  constructor(
    readonly path: string,
    private readonly args: readonly unknown[],
  ) {}

  __setstate__(state: unknown): void {
    this.state = state;
  }

  /** What it was made of. */
  parts(): [string, unknown][] {
    return [
      ...this.args.map((arg, index): [string, unknown] => [`(${index})`, arg]),
      ...(this.state === undefined ? [] : entriesOf(this.state)),
    ];
  }
}

/** Members of a container, by name; none where it is none. */
function entriesOf(value: unknown): [string, unknown][] {
  if (value instanceof Map) return [...value].map(([key, item]) => [String(key), item]);
  if (value instanceof Set) return [...value].map((item, index) => [String(index), item]);
  if (value instanceof PythonObject) return value.parts();
  if (typeof value === 'object' && value !== null) return Object.entries(value);
  return [];
}

function tensorInfo(name: string, tensor: Tensor): TensorInfo {
  const info = {
    name,
    dtype: String(tensor.dtype),
    shape: [...tensor.shape],
    bytes: tensor.numel() * tensor.element_size(),
  };
  return tensor.numel() === 1 && !tensor.is_meta && !tensor.is_quantized
    ? { ...info, value: String(tensor.item()) }
    : info;
}

/** A list of plain numbers is one value; one such as the state of a generator is only counted. */
const isNumbers = (value: unknown): value is number[] =>
  Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'number');

const MOST_NUMBERS = 16;

/** What is in a value, in its order. */
export function contentsOf(root: unknown): Contents {
  const found: Contents = { tensors: [], values: [], objects: [] };
  const seen = new Set<unknown>();
  const rest: [string, unknown][] = [['', root]];
  for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
    const [name, value] = next;
    if (is_tensor(value)) found.tensors.push(tensorInfo(name, value));
    else if (value instanceof Uint8Array) found.values.push({ name, value: `${value.length} bytes` });
    else if (isNumbers(value)) {
      found.values.push({ name, value: value.length > MOST_NUMBERS ? `${value.length} numbers` : value.join(', ') });
    } else if (value === null || ['string', 'number', 'boolean'].includes(typeof value)) {
      found.values.push({ name, value: value as string | number | boolean | null });
    } else if (typeof value !== 'object') found.values.push({ name, value: String(value) });
    else if (!seen.has(value)) {
      seen.add(value);
      if (value instanceof PythonObject) found.objects.push({ name, class: value.path });
      const entries = entriesOf(value);
      const isPlain =
        value instanceof PythonObject || Array.isArray(value) || value instanceof Map || value instanceof Set;
      if (entries.length === 0 && !isPlain && Object.getPrototypeOf(value) !== null) {
        if (Object.getPrototypeOf(value) !== Object.prototype) found.values.push({ name, value: String(value) });
      }
      // Onto a stack: the last first.
      for (const [key, item] of entries.reverse()) rest.push([name === '' ? key : `${name}.${key}`, item]);
    }
  }
  return found;
}
