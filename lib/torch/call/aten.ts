/** Operators for code written by hand. What is called in every training step holds its operator in a variable instead. */
import { native, type NativeOp } from '../native';

const found = new Map<string, NativeOp>();

/** The operator of this name in `aten`, for example `to.dtype_layout`; looked up once. */
export function aten(name: string): NativeOp {
  let run = found.get(name);
  if (run === undefined) {
    run = native.op(`aten::${name}`);
    found.set(name, run);
  }
  return run;
}
