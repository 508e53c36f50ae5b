/** Tensors as text, as Python's `repr` writes them (`torch/_tensor_str.py`). */
import { native } from '../native';
import type { Complex, Element } from './arguments';
import { wrap } from './bridge';
import * as dtypes from './dtype';
import type { Nested } from './elements';
import { handleOf } from './handle';
import { scope } from './scope';
import type { Tensor } from './tensor';

const PRECISION = 4;
/** Tensors with more elements are shown by their edges. */
const THRESHOLD = 1000;
const EDGE_ITEMS = 3;
const LINE_WIDTH = 80;

/** Python rounds exact ties to even, JavaScript away from zero. */
function rounded(value: number, digits: number, method: 'toFixed' | 'toExponential'): string {
  const magnitude = Math.abs(value);
  const text = magnitude[method](digits);
  const [mantissa = '', exponent] = text.split('e');
  const [exact = ''] = magnitude[method](Math.min(100, digits + 60)).split('e');
  const kept = exact.slice(0, exact.indexOf('.') + 1 + digits);
  const tie = /^50*$/.test(exact.slice(kept.length));
  const even = tie && '02468'.includes(kept.replace(/\.$/, '').at(-1) ?? '');
  const number = even ? kept.replace(/\.$/, '') : mantissa;
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  if (exponent === undefined) return sign + number;
  // Python writes at least two digits of exponent.
  return `${sign}${number}e${exponent[0]}${exponent.slice(1).padStart(2, '0')}`;
}

function nonFinite(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  return value > 0 ? 'inf' : '-inf';
}

function widest<T>(values: T[], write: (value: T) => string): number {
  return values.reduce((width, value) => Math.max(width, write(value).length), 1);
}

type Format = (value: Element) => string;

/** How all elements of a tensor are written: with a common notation and width. */
function floatFormat(values: number[]): { format: Format; width: number } {
  const finite = values.filter((value) => Number.isFinite(value) && value !== 0);
  let write = (value: number) => `${rounded(value, 0, 'toFixed')}.`;
  if (finite.length > 0) {
    const magnitudes = finite.map(Math.abs);
    const max = magnitudes.reduce((a, b) => Math.max(a, b));
    const min = magnitudes.reduce((a, b) => Math.min(a, b));
    if (max / min > 1000 || max > 1e8 || min < 1e-4) {
      write = (value) => rounded(value, PRECISION, 'toExponential');
    } else if (!finite.every(Number.isInteger)) {
      write = (value) => rounded(value, PRECISION, 'toFixed');
    }
  }
  const width = widest(finite, write);
  const format = (value: Element) => {
    const number = value as number;
    return (Number.isFinite(number) ? write(number) : nonFinite(number)).padStart(width);
  };
  return { format, width };
}

function plainFormat(values: Element[]): { format: Format; width: number } {
  const write = (value: Element) => (typeof value === 'boolean' ? (value ? 'True' : 'False') : String(value));
  const width = widest(values, write);
  return { format: (value) => write(value).padStart(width), width };
}

function formatFor(values: Element[], dtype: dtypes.Dtype): { format: Format; width: number } {
  if (dtype.is_floating_point) return floatFormat(values as number[]);
  if (!dtype.is_complex) return plainFormat(values);
  const real = floatFormat(values.map((value) => (value as Complex).re));
  const imag = floatFormat(values.map((value) => (value as Complex).im));
  const format = (value: Element) => {
    const { re, im } = value as Complex;
    const second = imag.format(im).trimStart();
    return `${real.format(re)}${/^[+-]/.test(second) ? '' : '+'}${second}j`;
  };
  return { format, width: real.width + imag.width + 1 };
}

/** The parts of a large tensor that are shown. */
function edges(self: Tensor): Tensor {
  let result = self;
  self.shape.forEach((length, dim) => {
    if (length <= 2 * EDGE_ITEMS) return;
    const ends = [...Array(EDGE_ITEMS).keys()].flatMap((i) => [i, length - 1 - i]);
    const index = native.from_bytes(
      BigInt64Array.from(ends.sort((a, b) => a - b).map(BigInt)),
      [ends.length],
      dtypes.int64.code,
    );
    result = result.index_select(dim, wrap(index));
  });
  return result;
}

interface Page {
  format: Format;
  perLine: number;
  /** Whether each dimension is cut down to its edges. */
  cut: boolean[];
}

function listText(items: Nested<Element>, dim: number, indent: number, page: Page): string {
  if (!Array.isArray(items)) return page.format(items);
  const texts = items.map((item) => listText(item, dim + 1, indent + 1, page));
  const last = dim === page.cut.length - 1;
  if (page.cut[dim]) texts.splice(EDGE_ITEMS, 0, last ? ' ...' : '...');
  if (!last) {
    const gap = `,${'\n'.repeat(page.cut.length - dim - 1)}${' '.repeat(indent + 1)}`;
    return `[${texts.join(gap)}]`;
  }
  const lines: string[] = [];
  for (let i = 0; i < texts.length; i += page.perLine) {
    lines.push(texts.slice(i, i + page.perLine).join(', '));
  }
  return `[${lines.join(`,\n${' '.repeat(indent + 1)}`)}]`;
}

function elementsText(self: Tensor, indent: number): string {
  const { shape, dtype } = self;
  const summarize = self.numel() > THRESHOLD;
  const items = scope(() => (summarize ? edges(self.detach()) : self).tolist());
  const values = [items as unknown].flat(Infinity) as Element[];
  const { format, width } = formatFor(values, dtype);
  // The innermost list is indented once for every bracket before it.
  const inner = indent + Math.max(0, shape.length - 1);
  const page = {
    format,
    perLine: Math.max(1, Math.floor((LINE_WIDTH - inner) / (width + 2))),
    cut: shape.map((length) => summarize && length > 2 * EDGE_ITEMS),
  };
  return listText(items, 0, indent, page);
}

function tuple(shape: number[]): string {
  return `(${shape.join(', ')}${shape.length === 1 ? ',' : ''})`;
}

const IMPLIED = new Set([dtypes.float32, dtypes.complex64, dtypes.int64, dtypes.bool]);

/** The text of `tensor`, for example `tensor([1., 2.], requires_grad=True)`. */
export function tensorString(tensor: Tensor): string {
  if (tensor.is_disposed) return 'tensor(<disposed>)';
  const { dtype, device, layout, shape } = tensor;
  const prefix = 'tensor(';
  const suffixes: string[] = [];
  if (device.type !== 'cpu') suffixes.push(`device='${device}'`);
  let text: string;
  let typeShown = !IMPLIED.has(dtype);
  if (device.type === 'meta' || layout !== dtypes.strided) {
    suffixes.push(`size=${tuple(shape)}`);
    text = '...';
  } else if (tensor.numel() === 0) {
    if (shape.length !== 1) suffixes.push(`size=${tuple(shape)}`);
    // Without elements nothing hints at the dtype.
    typeShown = dtype !== dtypes.float32;
    text = '[]';
  } else {
    text = elementsText(tensor, prefix.length);
  }
  if (typeShown) suffixes.push(`dtype=${dtype}`);
  if (layout !== dtypes.strided) suffixes.push(`layout=${layout}`);
  const node = native.grad_fn_name(handleOf(tensor));
  if (node !== null) suffixes.push(`grad_fn=<${node}>`);
  else if (tensor.requires_grad) suffixes.push('requires_grad=True');
  return withSuffixes(prefix + text, suffixes, prefix.length);
}

function withSuffixes(text: string, suffixes: string[], indent: number): string {
  let result = text;
  let column = text.length - text.lastIndexOf('\n') + 1;
  for (const suffix of suffixes) {
    if (column + suffix.length + 2 > LINE_WIDTH) {
      result += `,\n${' '.repeat(indent)}${suffix}`;
      column = indent + suffix.length;
    } else {
      result += `, ${suffix}`;
      column += suffix.length + 2;
    }
  }
  return `${result})`;
}
