/** `torch.backends.cuda`: matrix products and attention on CUDA. */
import { native } from '../native';
import { pythonFunction } from '../call';
import { typeName } from '../core';
import { flag, precision, type Switch, withSwitches } from './switches';

/** A cuBLAS switch that Python also takes as a pair; here the second of the pair stays as it is by default, true. */
function reduction(name: string): Switch<boolean> {
  const own = flag(`cuda.matmul.${name}`, name);
  return {
    get: own.get,
    set(value) {
      if (typeof value !== 'boolean') {
        throw new TypeError(`${name} expects a bool or a tuple/list of bools, but got <class '${typeName(value)}'>`);
      }
      own.set(value);
    },
  };
}

/** Reads and sets one kind of kernel for scaled dot product attention. */
function attention(
  name: string,
  caller: string,
  asked: string,
  enabler = `enable_${name}_sdp`,
): [isEnabled: () => boolean, enable: (enabled: boolean) => void] {
  const own = flag(`sdp.${name}`, caller);
  const enable = pythonFunction(enabler, ['enabled'], (enabled: boolean): void => own.set(enabled));
  return [pythonFunction(asked, [], own.get), enable];
}

const [flash_sdp_enabled, enable_flash_sdp] = attention('flash', 'set_sdp_use_math', 'flash_sdp_enabled');
const [mem_efficient_sdp_enabled, enable_mem_efficient_sdp] = attention(
  'mem_efficient',
  'set_sdp_use_math',
  'mem_efficient_sdp_enabled',
);
const [math_sdp_enabled, enable_math_sdp] = attention('math', 'set_sdp_use_math', 'math_sdp_enabled');
const [cudnn_sdp_enabled, enable_cudnn_sdp] = attention('cudnn', 'set_sdp_use_cudnn', 'cudnn_sdp_enabled');
const [fp16_bf16_reduction_math_sdp_allowed, allow_fp16_bf16_reduction_math_sdp] = attention(
  'fp16_bf16_reduction_math',
  'set_sdp_use_math',
  'fp16_bf16_reduction_math_sdp_allowed',
  'allow_fp16_bf16_reduction_math_sdp',
);

/** `torch.backends.cuda`. */
export const cudaBackend = {
  /** Whether this libtorch was built with CUDA; `torch.cuda.is_available()` asks for a device too. */
  is_built: pythonFunction('is_built', [], (): boolean => native.get_backend_flag('has.cuda')),
  /** cuBLAS, for matrix products. */
  matmul: withSwitches(
    {
      allow_tf32: flag('cuda.matmul.allow_tf32', 'set_allow_tf32_cublas'),
      allow_fp16_reduced_precision_reduction: reduction('allow_fp16_reduced_precision_reduction'),
      allow_bf16_reduced_precision_reduction: reduction('allow_bf16_reduced_precision_reduction'),
      allow_fp16_accumulation: flag('cuda.matmul.allow_fp16_accumulation', 'set_allow_fp16_accumulation_cublas'),
      fp32_precision: precision('cuda', 'matmul'),
    },
    {},
  ),
  flash_sdp_enabled,
  enable_flash_sdp,
  mem_efficient_sdp_enabled,
  enable_mem_efficient_sdp,
  math_sdp_enabled,
  enable_math_sdp,
  cudnn_sdp_enabled,
  enable_cudnn_sdp,
  fp16_bf16_reduction_math_sdp_allowed,
  allow_fp16_bf16_reduction_math_sdp,
};
