/** The dtype that floating-point numbers become (`torch.get_default_dtype`). libtorch keeps it. */
import { native } from '../native';
import { complex64, complex128, complex32, type Dtype, dtypeOf, float16, float64 } from './dtype';

/** The default dtype. */
export function defaultDtype(): Dtype {
  return dtypeOf(native.get_default_dtype());
}

/** The dtype that complex numbers become. */
export function defaultComplexDtype(): Dtype {
  const dtype = defaultDtype();
  if (dtype === float64) return complex128;
  return dtype === float16 ? complex32 : complex64;
}
