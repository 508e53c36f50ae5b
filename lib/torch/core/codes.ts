/** Dtypes, layouts and quantization schemes by the codes that libtorch has for them. */
import * as dtypes from './dtype';
import { Dtype, Layout, QScheme } from './dtype';

type Coded = { readonly code: number };

function lookup<T extends Coded>(Class: abstract new (...args: never[]) => T, caller: string): (code: number) => T {
  const byCode: T[] = [];
  for (const value of Object.values<unknown>(dtypes)) if (value instanceof Class) byCode[value.code] = value;
  return (code) => {
    const found = byCode[code];
    if (found === undefined) throw new TypeError(`${caller}(): nothing has code ${code}`);
    return found;
  };
}

/** The dtype of a `c10::ScalarType` code. */
export const dtypeOf = lookup(Dtype, 'dtypeOf');

/** The layout of a `c10::Layout` code. */
export const layoutOf = lookup(Layout, 'layoutOf');

/** The scheme of a `c10::QScheme` code. */
export const qschemeOf = lookup(QScheme, 'qschemeOf');
