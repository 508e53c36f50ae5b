/** Comparing and printing shapes, for the checks that Python writes in Python. */
import { isTensor, type Tensor } from '../../memory';
import { sameShape, sizeText, typeName, warn } from '../../core';

/**
 * The value.
 *
 * @throws TypeError, in the words of Python's AttributeError for the attribute that is used first, unless it is a
 * tensor
 */
export function tensorWith(attribute: string, value: Tensor): Tensor {
  if (isTensor(value)) return value;
  throw new TypeError(`'${typeName(value)}' object has no attribute '${attribute}'`);
}

/** The tensor's shape, with the check of `tensorWith`. */
export function sizeOf(value: Tensor): number[] {
  return tensorWith('size', value).shape;
}

/** The tensor's number of dimensions, with the check of `tensorWith`. */
export function dimOf(value: Tensor): number {
  return tensorWith('dim', value).ndim;
}

/** Warns when target and input have different sizes, because broadcasting is seldom meant. */
export function warnUnlessSameSize(target: Tensor, input: Tensor): void {
  const [given, wanted] = [sizeOf(target), sizeOf(input)];
  if (sameShape(given, wanted)) return;
  warn(
    `Using a target size (${sizeText(given)}) that is different to the input size (${sizeText(wanted)}). ` +
      'This will likely lead to incorrect results due to broadcasting. Please ensure they have the same size.',
  );
}
