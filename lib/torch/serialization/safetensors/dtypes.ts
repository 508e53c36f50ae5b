/** The dtypes of the safetensors format. */
import { type Dtype, dtypes } from '../../core';

/** A dtype in the format. */
export interface FormatDtype {
  /** Its name there. */
  name: string;
  dtype: Dtype;
  /** Bits of one of the format's elements. */
  bits: number;
}

const kind = (name: string, dtype: Dtype): FormatDtype => ({ name, dtype, bits: 8 * dtype.itemsize });

/** All of them, in the order in which the reference implementation sorts tensors. */
const formatDtypes: readonly FormatDtype[] = [
  kind('U64', dtypes.uint64),
  kind('I64', dtypes.int64),
  kind('F64', dtypes.float64),
  kind('C64', dtypes.complex64),
  kind('F32', dtypes.float32),
  kind('U32', dtypes.uint32),
  kind('I32', dtypes.int32),
  kind('BF16', dtypes.bfloat16),
  kind('F16', dtypes.float16),
  kind('U16', dtypes.uint16),
  kind('I16', dtypes.int16),
  kind('F8_E5M2FNUZ', dtypes.float8_e5m2fnuz),
  kind('F8_E4M3FNUZ', dtypes.float8_e4m3fnuz),
  kind('F8_E8M0', dtypes.float8_e8m0fnu),
  kind('F8_E4M3', dtypes.float8_e4m3fn),
  kind('F8_E5M2', dtypes.float8_e5m2),
  kind('I8', dtypes.int8),
  kind('U8', dtypes.uint8),
  // Two in a byte: a tensor's last size counts bytes, the format's counts values.
  { name: 'F4', dtype: dtypes.float4_e2m1fn_x2, bits: 4 },
  kind('BOOL', dtypes.bool),
];

const byName = new Map(formatDtypes.map((each) => [each.name, each]));
const byDtype = new Map(formatDtypes.map((each) => [each.dtype, each]));
const places = new Map(formatDtypes.map((each, place) => [each, place]));

/** A dtype by its name in the format. */
export const dtypeNamed = (name: string): FormatDtype | undefined => byName.get(name);

/** A dtype as the format has it; undefined where it does not. */
export const formatOf = (dtype: Dtype): FormatDtype | undefined => byDtype.get(dtype);

/** Whether `a` is written before (negative) or after `b`. */
export const compareDtypes = (a: FormatDtype, b: FormatDtype): number => places.get(a)! - places.get(b)!;
