/** JavaScript functions applied to each element in place (`torch/csrc/utils/tensor_apply.cpp`). */
import { TorchError } from '../native';
import { type Element, typeName, typeText } from '../core';
import { tensor } from '../tensor';
import { isTensor, type Tensor } from '../memory';

const elementsOf = (values: Tensor): Element[] => [values.detach().tolist() as unknown].flat(Infinity) as Element[];

function check(name: string, tensors: readonly Tensor[], callable: unknown): void {
  const self = tensors[0]!;
  if (tensors.some((operand) => operand.requires_grad)) {
    throw new TorchError(`Can't call ${name}() on Variable that requires grad. Use var.detach().${name}() instead.`);
  }
  if (typeof callable !== 'function') throw new TypeError(`'${typeName(callable)}' object is not callable`);
  if (self.device.type !== 'cpu') throw new TypeError(`${name} is only implemented on CPU tensors`);
  for (const operand of tensors) {
    if (typeText(operand) === typeText(self)) continue;
    throw new TypeError(`${name}: expected ${typeText(self)} for 'other' (got ${typeText(operand)})`);
  }
}

/**
 * Replaces every element of the first tensor by what `callable` makes of it and of the others' elements, in row-major
 * order. All is computed before anything is written.
 */
export function applyInPlace(
  name: string,
  tensors: readonly [Tensor, ...Tensor[]],
  callable: (...elements: Element[]) => Element,
): void {
  const bad = tensors.findIndex((operand) => !isTensor(operand));
  if (bad > 0) {
    throw new TypeError(`${name}(): argument ${bad} must be Tensor, not ${typeName(tensors[bad])}`);
  }
  check(name, tensors, callable);
  const [self, ...others] = tensors;
  const columns = [self, ...others.map((other) => other.expand(self.shape))].map(elementsOf);
  const values = columns[0]!.map((_, i) => callable(...columns.map((column) => column[i]!)));
  self.copy_(tensor(values, { dtype: self.dtype }).view(self.shape));
}
