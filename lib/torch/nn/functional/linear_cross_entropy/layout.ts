/** In which dtypes the chunked linear cross entropy works, and which buffers it needs. */
import { TorchError } from '../../../native';
import { bfloat16, type Dtype, float16, float32 } from '../../../core';
import type { Tensor } from '../../../memory';
import type { ResolvedOptions } from './options';

/** Gradients that are wanted. */
export interface Wanted {
  input: boolean;
  weight: boolean;
  bias: boolean;
}

/** Dtypes and buffers of one call; the names follow PyTorch's. */
export interface Layout {
  dtype: Dtype;
  acc_dtype: Dtype;
  /** Whether sums are wider than the input. */
  mixed: boolean;
  cuda: boolean;
  /** Dtype of the chunk's logits. */
  logits: Dtype;
  /** Dtype of the rows' weights. */
  rows: Dtype;
  /** Dtype of the scalar loss while it is summed up. */
  output: Dtype;
  grad_input: Dtype;
  /** Dtype that the linear weight is converted to. */
  linear_weight: Dtype;
  /** Sums of the linear weight's and the bias's gradient that are kept apart until a chunk is done. */
  weight_grad_buffer: boolean;
  bias_grad_buffer: boolean;
  input_grad_buffer: boolean;
  /** The chunk of the input in the wider dtype. */
  input_buffer: boolean;
  /** The logits in the wider dtype. */
  wide_logits_buffer: boolean;
  /** Whether the first product reads the input in the wider dtype. */
  forward_wide_input: boolean;
  /** Whether the first product's kernel widens by itself. */
  forward_out_dtype: boolean;
  /** Whether the logits have the dtype of the sums already. */
  wide_logits: boolean;
  /** Whether the input's gradient multiplies the logits in the input's dtype. */
  narrow_input_grad: boolean;
  /** Whether the narrowed logits are used twice. */
  narrow_logits: boolean;
  /** Whether the logits' memory has room for the narrowed input. */
  reuse_logits: boolean;
}

/**
 * The layout for these inputs and options.
 *
 * @throws TorchError for dtypes that do not go together
 */
export function layoutOf(input: Tensor, linear_weight: Tensor, options: ResolvedOptions, wanted: Wanted): Layout {
  const { dtype } = input;
  const { acc_dtype, acc_policy } = options;
  const mixed = dtype !== acc_dtype;
  if (mixed && !((dtype === float16 || dtype === bfloat16) && acc_dtype === float32)) {
    throw new TorchError(
      'linear_cross_entropy supports float32 acc_dtype with float16/bfloat16 inputs, ' +
        `but got ${acc_dtype} acc_dtype and ${dtype} inputs.`,
    );
  }
  const cuda = input.device.type === 'cuda';
  const small = acc_policy !== 'accurate';
  const grad_input = mixed && !small ? acc_dtype : dtype;
  const logits = mixed && !(dtype === float16 && small) ? acc_dtype : dtype;
  const converts = mixed && (!cuda || (wanted.input && grad_input === logits));
  const castDtype = converts ? logits : dtype;
  const weight_grad_buffer = wanted.weight && !(acc_policy === 'compact' && (cuda || logits === dtype));
  const wide_logits = logits === acc_dtype;
  const narrow_input_grad = cuda && wanted.input && logits !== grad_input;
  const forward_wide_input = mixed && !cuda && dtype !== logits;
  const [in_features, num_classes] = [input.shape[1]!, linear_weight.shape[0]!];
  return {
    dtype,
    acc_dtype,
    mixed,
    cuda,
    logits,
    rows: mixed ? acc_dtype : dtype,
    output: mixed && dtype === float16 ? acc_dtype : dtype,
    grad_input,
    linear_weight: castDtype,
    weight_grad_buffer,
    bias_grad_buffer: wanted.bias && mixed,
    input_grad_buffer: wanted.input && !cuda && grad_input !== castDtype,
    input_buffer: mixed && (wanted.weight || forward_wide_input),
    wide_logits_buffer: weight_grad_buffer && !cuda && !wide_logits,
    forward_wide_input,
    forward_out_dtype: cuda && mixed,
    wide_logits,
    narrow_input_grad,
    narrow_logits: narrow_input_grad || (wanted.weight && !weight_grad_buffer && logits !== dtype),
    reuse_logits: !weight_grad_buffer && mixed && num_classes * logits.itemsize >= in_features * dtype.itemsize,
  };
}
