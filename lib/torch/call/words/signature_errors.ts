/** What Python's argument parser says when a call fits no signature, in its words. */
import { print } from './invalid_arguments';
import { typeName, warn } from '../../core';
import { byKeyword, type Given, type Parameter, type Signature } from '../signature';
import { multiple, noArguments, noKeywords, surplus, unexpected } from './python';

/** Why one signature does not take these arguments; undefined when it does. */
export function explain(name: string, signature: Signature, given: Given, isMethod: boolean): TypeError | undefined {
  const { positional, keywords } = given;
  const { parameters, maxPositional } = signature;
  if (parameters.length === 0) {
    // Python itself answers here, and not the parser: it names the class.
    const full = isMethod ? `TensorBase.${name}` : name;
    return given.names.length > 0 ? noKeywords(full) : noArguments(full, positional.length);
  }
  const [first] = parameters;
  const inARow = signature.variadic && first?.kind.accepts(positional, first);
  if (positional.length > maxPositional && !inARow) return tooMany(name, signature, given);
  const filled = new Set<Parameter>();
  let position = 0;
  for (const [i, parameter] of parameters.entries()) {
    if (position < positional.length && parameter.keywordOnly) return tooMany(name, signature, given);
    const fromPosition = position < positional.length ? positional[position] : undefined;
    const value = fromPosition ?? (fromPosition === null ? null : byKeyword(parameter, keywords));
    if (fromPosition !== undefined) filled.add(parameter);
    if (value === undefined) {
      if (!parameter.optional) return missing(name, parameters.slice(i));
    } else if (value === null ? !parameter.nullable : !parameter.kind.accepts(value, parameter)) {
      if (inARow && filled.has(parameter)) {
        position = positional.length;
        continue;
      }
      const where = fromPosition === undefined ? '' : ` (position ${position + 1})`;
      const expected = `${name}(): argument '${parameter.name}'${where} must be ${parameter.kind.display}`;
      if (Array.isArray(value) && parameter.kind.acceptsItem && fromPosition !== undefined) {
        return new TypeError(`${expected}, but found element of type ${typeName(value[0])} at pos 0`);
      }
      return new TypeError(`${expected}, not ${typeName(value)}`);
    }
    position++;
  }
  for (const keyword of given.names) {
    const parameter = parameters.find((candidate) => candidate.name === keyword);
    if (parameter === undefined) return unexpected(name, keyword);
    if (filled.has(parameter)) return multiple(name, keyword);
  }
  return undefined;
}

function tooMany(name: string, { maxPositional, parameters }: Signature, { positional }: Given): TypeError {
  const least = parameters.filter((p) => !p.optional).length;
  return surplus(name, least, maxPositional, positional.length);
}

/** Python counts every parameter from the missing one on, also those that were given by keyword. */
function missing(name: string, rest: readonly Parameter[]): TypeError {
  const names = rest.filter((p) => !p.optional).map((p) => `"${p.name}"`);
  // The plural on the wrong side is Python's.
  const plural = names.length === 1 ? 's' : '';
  return new TypeError(`${name}() missing ${names.length} required positional argument${plural}: ${names.join(', ')}`);
}

const warned = new Set<Signature>();

/** Warns once that a signature is deprecated, naming those that are not. */
export function warnDeprecated(name: string, all: readonly Signature[], signature: Signature): void {
  if (warned.has(signature)) return;
  warned.add(signature);
  const better = all.filter((other) => !other.deprecated).map((other) => `\t${name}${print(other)}`);
  warn(
    `This overload of ${name} is deprecated:\n\t${name}${print(signature)}\n` +
      `Consider using one of the following signatures instead:\n${better.join('\n')}`,
  );
}
