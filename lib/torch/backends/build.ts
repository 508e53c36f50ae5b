/** Libraries that libtorch was built with. */
import { native } from '../native';
import { pythonFunction } from '../call';

/** Whether libtorch has MKL. */
export const has_mkl = native.get_backend_flag('has.mkl');

/** Whether libtorch has Fourier transforms on the CPU. */
export const has_spectral = has_mkl;

/** Whether libtorch has LAPACK, for linear algebra on the CPU. */
export const has_lapack = native.get_backend_flag('has.lapack');

/** Whether libtorch has OpenMP, for threads inside of operations. */
export const has_openmp = native.get_backend_flag('has.openmp');

/** Whether operator libraries must be compiled with the C++11 ABI of libstdc++: always, as every supported libtorch is. */
export const compiled_with_cxx11_abi = pythonFunction('compiled_with_cxx11_abi', [], (): boolean => {
  return true;
});
