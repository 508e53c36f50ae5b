// A sample in one line, for the table.
import { double } from './unit.mjs';

const MOST = 300;

/** `f(Tensor float32[2, 3], 1.5, dim=0)`, shortened where it is long. */
export function describeSample(sample) {
  const text = [
    describe(sample.input, sample),
    ...sample.args.map((value) => describe(value, sample)),
    ...sample.kwargs.map(([name, value]) => `${name}=${describe(value, sample)}`),
  ].join(', ');
  return text.length > MOST ? `${text.slice(0, MOST)}…` : text;
}

function describe(value, sample) {
  if (value === null) return 'None';
  if (value === true) return 'True';
  if (value === false) return 'False';
  if (typeof value !== 'object') return JSON.stringify(value);
  const list = (items) => items.map((item) => describe(item, sample)).join(', ');
  if (Array.isArray(value)) return `[${list(value)}]`;
  const [kind] = Object.keys(value);
  const content = value[kind];
  switch (kind) {
    case 't': {
      const row = sample.tensors[content];
      const flags = ['layout', 'device', 'conj', 'neg', 'grad'].filter((name) => row[name] !== undefined);
      return `${row.dtype}[${row.size}]${flags.length > 0 ? `(${flags.join(' ')})` : ''}`;
    }
    case 'f': {
      const number = double(content);
      return Number.isInteger(number) ? `${number}.0` : String(number);
    }
    case 'c':
      return `${double(content[0])}+${double(content[1])}j`;
    case 'tuple':
      return `(${list(content)})`;
    case 'slice':
      return content.map((part) => (part === null ? '' : describe(part, sample))).join(':');
    case 'ellipsis':
      return '...';
    default:
      return typeof content === 'string' ? content : kind;
  }
}
