/** Normal and exponential numbers of NumPy's `Generator`: Marsaglia and Tsang's ziggurats. */
import { native } from '../../native';
import type { Bits } from './bits';
import * as tables from './ziggurat_tables';

const NORMAL_EDGE = 3.654152885361009;
const NORMAL_EDGE_INVERSE = 0.2736612373297583;
const EXPONENTIAL_EDGE = 7.69711747013105;

interface Ziggurat {
  readonly limits: Float64Array;
  readonly widths: Float64Array;
  readonly heights: Float64Array;
}

/** The numbers of a table, decoded when first used. */
function table(text: string): Float64Array {
  const bytes = Buffer.from(text, 'base64');
  return new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}

let normal: Ziggurat | undefined;
let exponential: Ziggurat | undefined;

/** −log(1 − U), which is never of 0. */
const unitExponential = (bits: Bits): number => -native.libm('log1p', -bits.nextDouble());

/** A normal number beyond the last layer. */
function normalTail(bits: Bits): number {
  for (;;) {
    const x = NORMAL_EDGE_INVERSE * unitExponential(bits);
    const y = unitExponential(bits);
    if (y + y > x * x) return NORMAL_EDGE + x;
  }
}

/** A standard normal number. */
export function zigguratNormal(bits: Bits): number {
  normal ??= {
    limits: table(tables.NORMAL_LIMITS),
    widths: table(tables.NORMAL_WIDTHS),
    heights: table(tables.NORMAL_HEIGHTS),
  };
  const { limits, widths, heights } = normal;
  for (;;) {
    bits.next64();
    const layer = bits.low & 0xff;
    // 52 bits: from the tenth of the lower half on, without the last three.
    const size = ((bits.high << 3) >>> 3) * 8388608 + (bits.low >>> 9);
    const x = size * widths[layer]!;
    const signed = bits.low & 0x100 ? -x : x;
    if (size < limits[layer]!) return signed;
    if (layer === 0) {
      const negative = bits.low & 0x20000;
      const far = normalTail(bits);
      return negative ? -far : far;
    }
    const height = (heights[layer - 1]! - heights[layer]!) * bits.nextDouble() + heights[layer]!;
    if (height < native.libm('exp', -0.5 * x * x)) return signed;
  }
}

/** A standard exponential number. */
export function zigguratExponential(bits: Bits): number {
  exponential ??= {
    limits: table(tables.EXPONENTIAL_LIMITS),
    widths: table(tables.EXPONENTIAL_WIDTHS),
    heights: table(tables.EXPONENTIAL_HEIGHTS),
  };
  const { limits, widths, heights } = exponential;
  for (;;) {
    bits.next64();
    const layer = (bits.low >>> 3) & 0xff;
    const size = bits.high * 2097152 + (bits.low >>> 11);
    const x = size * widths[layer]!;
    if (size < limits[layer]!) return x;
    if (layer === 0) return EXPONENTIAL_EDGE + unitExponential(bits);
    const height = (heights[layer - 1]! - heights[layer]!) * bits.nextDouble() + heights[layer]!;
    if (height < native.libm('exp', -x)) return x;
  }
}
