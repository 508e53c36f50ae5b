/** `torch.nn.grad`: gradients of convolutions, called by themselves. */
import { type OneOrMany, type PythonFunction, pythonFunction } from '../../call';
import { ops } from '../../ops';
import type { Tensor } from '../../memory';
import { ntuple } from './sizes';

const geometry = ['grad_output', 'stride', 'padding', 'dilation', 'groups'] as const;
const inputNames = ['input_size', 'weight', ...geometry] as const;
const weightNames = ['input', 'weight_size', ...geometry] as const;

type Geometry = [
  grad_output: Tensor,
  stride?: OneOrMany<number>,
  padding?: OneOrMany<number>,
  dilation?: OneOrMany<number>,
  groups?: number,
];

/** A function from a convolution's result's gradient to its input's. */
type InputGradient = PythonFunction<
  typeof inputNames,
  [input_size: readonly number[], weight: Tensor, ...Geometry],
  Tensor
>;

/** A function from a convolution's result's gradient to its weight's. */
type WeightGradient = PythonFunction<
  typeof weightNames,
  [input: Tensor, weight_size: readonly number[], ...Geometry],
  Tensor
>;

/** Which of the gradients of input, weight and bias libtorch shall compute. */
const INPUT_ONLY = [true, false, false];
const WEIGHT_ONLY = [false, true, false];

function backward(
  dims: number,
  input: Tensor,
  weight: Tensor,
  mask: readonly boolean[],
  grad_output: Tensor,
  stride: OneOrMany<number>,
  padding: OneOrMany<number>,
  dilation: OneOrMany<number>,
  groups: number,
): Tensor {
  const gradients = ops.aten.convolution_backward(
    grad_output,
    input,
    weight,
    null,
    ntuple(stride, dims),
    ntuple(padding, dims),
    ntuple(dilation, dims),
    false,
    [0],
    groups,
    mask,
  );
  return (gradients as Tensor[])[mask.indexOf(true)]!;
}

/** A tensor of this shape that costs no memory: only its shape is read. */
function placeholder(like: Tensor, shape: readonly number[]): Tensor {
  return like.new_empty([1]).expand(shape);
}

function inputGradient(name: string, dims: number): InputGradient {
  return pythonFunction(
    name,
    inputNames,
    (
      input_size: readonly number[],
      weight: Tensor,
      grad_output: Tensor,
      stride: OneOrMany<number> = 1,
      padding: OneOrMany<number> = 0,
      dilation: OneOrMany<number> = 1,
      groups: number = 1,
    ): Tensor => {
      const input = placeholder(grad_output, input_size);
      return backward(dims, input, weight, INPUT_ONLY, grad_output, stride, padding, dilation, groups);
    },
  );
}

function weightGradient(name: string, dims: number): WeightGradient {
  return pythonFunction(
    name,
    weightNames,
    (
      input: Tensor,
      weight_size: readonly number[],
      grad_output: Tensor,
      stride: OneOrMany<number> = 1,
      padding: OneOrMany<number> = 0,
      dilation: OneOrMany<number> = 1,
      groups: number = 1,
    ): Tensor => {
      const weight = placeholder(grad_output, weight_size);
      return backward(dims, input, weight, WEIGHT_ONLY, grad_output, stride, padding, dilation, groups);
    },
  );
}

/** The gradient of `conv1d` with respect to its input of shape `input_size`. */
export const conv1d_input = inputGradient('conv1d_input', 1);

/** The gradient of `conv1d` with respect to its weight of shape `weight_size`. */
export const conv1d_weight = weightGradient('conv1d_weight', 1);

/** The gradient of `conv2d` with respect to its input of shape `input_size`. */
export const conv2d_input = inputGradient('conv2d_input', 2);

/** The gradient of `conv2d` with respect to its weight of shape `weight_size`. */
export const conv2d_weight = weightGradient('conv2d_weight', 2);

/** The gradient of `conv3d` with respect to its input of shape `input_size`. */
export const conv3d_input = inputGradient('conv3d_input', 3);

/** The gradient of `conv3d` with respect to its weight of shape `weight_size`. */
export const conv3d_weight = weightGradient('conv3d_weight', 3);
