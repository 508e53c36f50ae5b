import { typeName } from '../../../core';
import { isTensor, type Tensor } from '../../../memory';
import { Parameter } from '../../parameter/parameter';

/** The lines of a `ParameterList` or `ParameterDict` in `toString`. */
export function parameterLines(
  entries: Iterable<readonly [string | number, unknown]>,
  typeOf: (tensor: Tensor) => string,
): string {
  const lines: string[] = [];
  for (const [name, value] of entries) {
    if (isTensor(value)) {
      const tensor = value as Tensor;
      const where = tensor.device.type === 'cuda' ? ` (${tensor.device})` : '';
      const kind = tensor instanceof Parameter ? 'Parameter' : 'Tensor';
      lines.push(`  (${name}): ${kind} containing: [${typeOf(tensor)} of size ${tensor.shape.join('x')}${where}]`);
    } else lines.push(`  (${name}): Object of type: ${typeName(value)}`);
  }
  return lines.join('\n');
}

/** What a list or dict of parameters holds for a value: a tensor becomes a parameter. */
export function held(value: unknown): unknown {
  return isTensor(value) && !(value instanceof Parameter) ? new Parameter(value as Tensor) : value;
}
