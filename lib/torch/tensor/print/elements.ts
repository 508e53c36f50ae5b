/** The elements of a tensor between brackets, cut down to the edges where there are too many. */
import { type Complex, dtypes } from '../../core';
import { aten } from '../../call';
import type { Nested } from '../creation/elements';
import { handleOf, type Tensor, wrap } from '../../memory';
import { countsInE8m0, floatFormatter, type Formatter, plainFormatter, type RealElement } from './formatter';
import { PRINT_OPTS } from './options';

type Item = RealElement | Complex;

/** Layout of one tensor's elements. */
interface Page {
  format(value: Item): string;
  perLine: number;
  /** Whether each dimension is cut down to its edges. */
  cut: readonly boolean[];
}

/** The parts of a large tensor that are shown. */
function edges(self: Tensor): Tensor {
  const cat = aten('cat');
  const slice = aten('slice.Tensor');
  const { edgeitems } = PRINT_OPTS;
  return self.shape.reduce((result, length, dim) => {
    if (length <= 2 * edgeitems) return result;
    const part = (start: number | null, end: number | null) => wrap(slice(handleOf(result), dim, start, end));
    const ends = [part(0, edgeitems), part(-edgeitems, null)];
    return wrap(cat(ends.map(handleOf), dim));
  }, self);
}

/** The tensor in a dtype that has elements: pairs of float4 are shown as their bits. */
function readable(self: Tensor): Tensor {
  if (self.dtype === dtypes.float4_e2m1fn_x2) {
    return wrap(aten('view.dtype')(handleOf(self), dtypes.uint8.code));
  }
  return self;
}

function complexFormat(real: Formatter, imag: Formatter): Page['format'] {
  return (value) => {
    const { re, im } = value as Complex;
    const second = `${imag.format(im)}j`.trimStart();
    return `${real.format(re)}${/^[+-]/.test(second) ? '' : '+'}${second}`;
  };
}

function formatFor(values: readonly Item[], dtype: dtypes.Dtype): { format: Page['format']; width: number } {
  if (dtype.is_complex) {
    const real = floatFormatter(values.map((value) => (value as Complex).re));
    const imag = floatFormatter(values.map((value) => (value as Complex).im));
    return { format: complexFormat(real, imag), width: real.width + imag.width + 1 };
  }
  const formatter = dtype.is_floating_point
    ? floatFormatter(values as number[], dtype === dtypes.float8_e8m0fnu ? countsInE8m0 : undefined)
    : plainFormatter(values as RealElement[]);
  return { format: (value) => formatter.format(value as RealElement), width: formatter.width };
}

function listText(items: Nested<Item>, dim: number, indent: number, page: Page): string {
  if (!Array.isArray(items)) return page.format(items);
  const texts = items.map((item) => listText(item, dim + 1, indent + 1, page));
  const last = dim === page.cut.length - 1;
  if (page.cut[dim]) texts.splice(PRINT_OPTS.edgeitems, 0, last ? ' ...' : '...');
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

/** The elements as nested lists (or a bare one), with lines after the first indented by `indent`. */
export function elementsText(self: Tensor, indent: number): string {
  if (self.numel() === 0) return '[]';
  const { shape, dtype } = self;
  const { edgeitems, threshold, linewidth } = PRINT_OPTS;
  const summarize = self.numel() > threshold;
  if (summarize && edgeitems === 0 && shape.length > 0) return '[...]';
  const shown = readable(summarize ? edges(self) : self);
  const items = shown.tolist() as Nested<Item>;
  const { format, width } = formatFor([items as unknown].flat(Number.POSITIVE_INFINITY) as Item[], dtype);
  // The innermost list is indented once for every bracket before it.
  const inner = indent + Math.max(0, shape.length - 1);
  return listText(items, 0, indent, {
    format,
    perLine: Math.max(1, Math.floor((linewidth - inner) / (width + 2))),
    cut: shape.map((length) => summarize && length > 2 * edgeitems),
  });
}
