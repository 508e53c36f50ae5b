/** Numbers of dtypes, layouts and memory formats in a program's file, which are not libtorch's. */
import { type Dtype, dtypeOf, type Layout, layoutOf } from '../../core';
import { fail } from './fault';
import { whole } from './json';

/** `c10::ScalarType` by `ScalarType` of the schema. */
const DTYPES: Readonly<Record<number, number>> = {
  1: 0, // uint8
  2: 1, // int8
  3: 2, // int16
  4: 3, // int32
  5: 4, // int64
  6: 5, // float16
  7: 6, // float32
  8: 7, // float64
  9: 8, // complex32
  10: 9, // complex64
  11: 10, // complex128
  12: 11, // bool
  13: 15, // bfloat16
  28: 27, // uint16
  29: 24, // float8_e4m3fn
  30: 23, // float8_e5m2
  31: 26, // float8_e4m3fnuz
  32: 25, // float8_e5m2fnuz
  33: 44, // float8_e8m0fnu
  34: 28, // uint32
  35: 29, // uint64
};

/** `c10::Layout` by `Layout` of the schema. */
const LAYOUTS: Readonly<Record<number, number>> = { 1: 1, 2: 2, 3: 4, 4: 5, 5: 6, 6: 3, 7: 0 };

/** `c10::MemoryFormat` by `MemoryFormat` of the schema. */
const MEMORY_FORMATS: Readonly<Record<number, number>> = { 1: 0, 2: 2, 3: 3, 4: 1 };

const reader =
  (known: Readonly<Record<number, number>>, what: string) =>
  (value: unknown, at: string): number =>
    known[Number(whole(value, at))] ?? fail(at, `${what} ${String(value)} is not known`);

/** The dtype of a number. */
export const dtypeAt: (value: unknown, at: string) => Dtype = (value, at) =>
  dtypeOf(reader(DTYPES, 'dtype')(value, at));

/** The layout of a number. */
export const layoutAt: (value: unknown, at: string) => Layout = (value, at) =>
  layoutOf(reader(LAYOUTS, 'layout')(value, at));

/** libtorch's code of a memory format. */
export const memoryFormatAt = reader(MEMORY_FORMATS, 'memory format');
