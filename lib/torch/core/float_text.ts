/**
 * Floats as Python's `format` and `repr` write them, for every double.
 *
 * JavaScript's own formatting is exact too, but rounds ties away from zero where Python rounds them to even, changes
 * notation at 1e21 and stops at 100 digits. Those cases are computed from the exact decimal expansion.
 */

/** The digits of a finite magnitude, all of them: it is `0.digits × 10^point`. */
interface Decimal {
  digits: string;
  point: number;
}

const view = new DataView(new ArrayBuffer(8));

function exactDecimal(magnitude: number): Decimal {
  view.setFloat64(0, magnitude);
  const bits = view.getBigUint64(0);
  const biased = Number(bits >> 52n);
  const fraction = bits & ((1n << 52n) - 1n);
  const mantissa = biased === 0 ? fraction : fraction | (1n << 52n);
  const exponent = Math.max(biased, 1) - 1075;
  if (exponent >= 0) {
    const digits = String(mantissa << BigInt(exponent));
    return { digits, point: digits.length };
  }
  // m / 2^k is m × 5^k / 10^k.
  const digits = String(mantissa * 5n ** BigInt(-exponent));
  return { digits, point: digits.length + exponent };
}

/** The first `count` digits (none where negative), ties to even; a carry may add one in front and move the point. */
function roundDigits({ digits, point }: Decimal, count: number): Decimal {
  if (count >= digits.length) return { digits: digits.padEnd(count, '0'), point };
  if (count < 0) return { digits: '', point };
  const kept = digits.slice(0, count);
  const rest = digits.slice(count);
  const odd = '13579'.includes(kept.at(-1) ?? '0');
  const up = rest[0]! > '5' || (rest[0] === '5' && (odd || /[1-9]/.test(rest.slice(1))));
  if (!up) return { digits: kept, point };
  const raised = String(BigInt(`0${kept}`) + 1n).padStart(count, '0');
  return { digits: raised, point: point + raised.length - count };
}

function nonFinite(value: number): string | undefined {
  if (Number.isFinite(value)) return undefined;
  if (Number.isNaN(value)) return 'nan';
  return value > 0 ? 'inf' : '-inf';
}

function signOf(value: number): string {
  return value < 0 || Object.is(value, -0) ? '-' : '';
}

/** Whether a magnitude lies half-way between two texts with `digits` decimals: m × 10^d = k × 5^d / 2 with an odd k. */
function isTie(magnitude: number, digits: number): boolean {
  const doubled = magnitude * 2 ** (digits + 1);
  return Number.isInteger(doubled) && doubled % 2 === 1;
}

/** `f'{value:.{precision}f}'`. */
export function fixed(value: number, precision: number): string {
  const special = nonFinite(value);
  if (special !== undefined) return special;
  const magnitude = Math.abs(value);
  if (precision <= 100 && magnitude < 1e21 && !isTie(magnitude, precision)) {
    return signOf(value) + magnitude.toFixed(precision);
  }
  const exact = exactDecimal(magnitude);
  const { digits, point } = roundDigits(exact, exact.point + precision);
  const whole = point > 0 ? digits.slice(0, point) : '0';
  const fraction = point > 0 ? digits.slice(point) : digits.padStart(precision, '0');
  return signOf(value) + (precision === 0 ? whole : `${whole}.${fraction}`);
}

function exponentText(exponent: number): string {
  return `e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
}

/** `f'{value:.{precision}e}'`. */
export function scientific(value: number, precision: number): string {
  const special = nonFinite(value);
  if (special !== undefined) return special;
  const magnitude = Math.abs(value);
  const longer = Math.min(precision + 1, 100);
  // A tie has exactly one digit more than is asked for.
  if (precision < 100 && Number(magnitude.toExponential(longer)) !== magnitude) {
    const [mantissa, exponent] = magnitude.toExponential(precision).split('e') as [string, string];
    return signOf(value) + mantissa + exponentText(Number(exponent));
  }
  const exact = magnitude === 0 ? { digits: '0', point: 1 } : exactDecimal(magnitude);
  const { digits, point } = roundDigits(exact, precision + 1);
  const fraction = digits.slice(1, precision + 1);
  return signOf(value) + digits[0] + (precision === 0 ? '' : `.${fraction}`) + exponentText(point - 1);
}

/** `repr(value)` of a Python float: `1.0`, `1e-05`, `1e+16`, `nan`. */
export function floatRepr(value: number): string {
  const special = nonFinite(value);
  if (special !== undefined) return special;
  const magnitude = Math.abs(value);
  if (magnitude !== 0 && (magnitude < 1e-4 || magnitude >= 1e16)) {
    const [mantissa, exponent] = magnitude.toExponential().split('e') as [string, string];
    return signOf(value) + mantissa + exponentText(Number(exponent));
  }
  const text = String(magnitude);
  return signOf(value) + (text.includes('.') ? text : `${text}.0`);
}

/** `f'{value:g}'`: six significant digits at most, without trailing zeros. */
export function general(value: number, precision = 6): string {
  const special = nonFinite(value);
  if (special !== undefined) return special;
  const [mantissa, exponent] = scientific(value, precision - 1).split('e') as [string, string];
  const power = Number(exponent);
  const trim = (text: string): string => (text.includes('.') ? text.replace(/\.?0+$/, '') : text);
  if (power < -4 || power >= precision) return trim(mantissa) + exponentText(power);
  return trim(fixed(value, precision - 1 - power));
}
