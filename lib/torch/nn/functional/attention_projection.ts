/** The projections of query, key and value that multi-head attention starts with. */
import { split_with_sizes } from '../../generated/functions';
import { linear } from '../../generated/nn_functional';
import { sameShape, sizeText, valueText } from '../../core';
import type { Tensor } from '../../memory';
import { assert } from './attention_checks';

/** Query, key and value. */
export type Triple = [query: Tensor, key: Tensor, value: Tensor];

type Biases = [Tensor | null, Tensor | null, Tensor | null];

function chunks(bias: Tensor | null): Biases {
  return bias === null ? [null, null, null] : (bias.chunk(3) as Triple);
}

/** Cuts (…, count·E) into `count` contiguous parts of (…, E), each the memory of its own. */
function parts(projected: Tensor, count: number, width: number): Tensor[] {
  const stacked = projected.unflatten(-1, [count, width]).unsqueeze(0).transpose(0, -2).squeeze(-2).contiguous();
  return Array.from({ length: count }, (_, i) => stacked.select(0, i));
}

/**
 * x·Wᵀ + b for query, key and value with the weights in one tensor (3·E, E), in as few products as the inputs that
 * are the same object allow.
 */
export function projectPacked([query, key, value]: Triple, weight: Tensor, bias: Tensor | null): Triple {
  const width = query.size(-1);
  if (key !== value) {
    const [queryWeight, keyWeight, valueWeight] = weight.chunk(3) as Triple;
    const [queryBias, keyBias, valueBias] = chunks(bias);
    return [
      linear(query, queryWeight, queryBias),
      linear(key, keyWeight, keyBias),
      linear(value, valueWeight, valueBias),
    ];
  }
  if (query === key) return parts(linear(query, weight, bias), 3, width) as Triple;
  const sizes = [width, width * 2];
  const [queryWeight, otherWeight] = split_with_sizes(weight, sizes) as [Tensor, Tensor];
  const [queryBias, otherBias] = bias === null ? [null, null] : (split_with_sizes(bias, sizes) as [Tensor, Tensor]);
  const projected = linear(query, queryWeight, queryBias);
  return [projected, ...(parts(linear(key, otherWeight, otherBias), 2, width) as [Tensor, Tensor])];
}

/**
 * x·Wᵀ + b for query, key and value with weights of their own.
 *
 * @throws AssertionError for weights of a wrong shape
 */
export function projectSeparately(inputs: Triple, weights: Triple, bias: Tensor | null): Triple {
  const names = ['query', 'key', 'value'];
  const biases = chunks(bias);
  const width = inputs[0].size(-1);
  for (const [i, weight] of weights.entries()) {
    const expected = [width, inputs[i]!.size(-1)];
    assert(
      sameShape(weight.shape, expected),
      () => `expecting ${names[i]} weights shape of ${valueText(expected)}, but got ${sizeText(weight.shape)}`,
    );
  }
  for (const [i, part] of biases.entries()) {
    assert(
      part === null || sameShape(part.shape, [width]),
      () => `expecting ${names[i]} bias shape of ${valueText([width])}, but got ${sizeText((part as Tensor).shape)}`,
    );
  }
  return inputs.map((input, i) => linear(input, weights[i]!, biases[i])) as Triple;
}
