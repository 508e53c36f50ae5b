/** What Python's argument parser says when a call fits no signature, in its words. */
import { typeName } from './kinds';
import { byKeyword, type Given, isNamed, type Parameter, type Signature } from './signature';

/** Why one signature does not take these arguments; undefined when it does. */
export function explain(name: string, signature: Signature, given: Given): TypeError | undefined {
  const { positional, keywords } = given;
  const { parameters, maxPositional } = signature;
  if (positional.length > maxPositional && !signature.variadic) return surplus(name, signature, given);
  let position = 0;
  for (const [i, parameter] of parameters.entries()) {
    if (position < positional.length && parameter.keywordOnly) return surplus(name, signature, given);
    const fromPosition = position < positional.length ? positional[position] : undefined;
    const value = fromPosition ?? (fromPosition === null ? null : byKeyword(parameter, keywords));
    if (value === undefined) {
      if (!parameter.optional) return missing(name, parameters.slice(i), given);
    } else if (value === null ? !parameter.nullable : !parameter.kind.accepts(value, parameter)) {
      if (signature.variadic && parameter.kind.accepts(positional, parameter)) break;
      const where = fromPosition === undefined ? '' : ` (position ${position + 1})`;
      return new TypeError(
        `${name}(): argument '${parameter.name}'${where} must be ${parameter.kind.display}, ` +
          `not ${typeName(value)}`,
      );
    }
    position++;
  }
  for (const keyword of given.names) {
    const index = parameters.findIndex((parameter) => isNamed(parameter, keyword));
    if (index < 0) return new TypeError(`${name}() got an unexpected keyword argument '${keyword}'`);
    if (index < positional.length && positional[index] !== undefined) {
      return new TypeError(`${name}() got multiple values for argument '${keyword}'`);
    }
  }
  return undefined;
}

function surplus(name: string, signature: Signature, given: Given): TypeError {
  const max = signature.maxPositional;
  const min = signature.parameters.filter((p) => !p.optional && !p.keywordOnly).length;
  const count = given.positional.length;
  if (max === 0) return new TypeError(`${name}() takes no arguments (${count} given)`);
  const plural = max > 1 ? 's' : '';
  const range = min < max ? `from ${min} to ${max}` : `${max}`;
  const were = count === 1 ? 'was' : 'were';
  return new TypeError(
    `${name}() takes ${range} positional argument${plural} but ${count} ${were} given`,
  );
}

function missing(name: string, rest: readonly Parameter[], given: Given): TypeError {
  const names = rest
    .filter((p) => !p.optional && byKeyword(p, given.keywords) === undefined)
    .map((p) => `"${p.name}"`);
  // The plural on the wrong side is Python's.
  const plural = names.length === 1 ? 's' : '';
  return new TypeError(
    `${name}() missing ${names.length} required positional argument${plural}: ${names.join(', ')}`,
  );
}

/** The call does not say which signature was meant: shows what was given and all signatures. */
export function ambiguous(name: string, signatures: readonly Signature[], given: Given): TypeError {
  const types = [
    ...given.positional.map(typeName),
    ...given.names.map((key) => `${key}=${typeName(given.keywords[key])}`),
  ];
  const start = `${name}() received an invalid combination of arguments - got (${types.join(', ')}), but expected `;
  if (signatures.length === 1) return new TypeError(start + print(signatures[0] as Signature));
  const lines = signatures.map((signature) => ` * ${print(signature)}${unfit(signature, given)}`);
  return new TypeError(`${start}one of:\n${lines.join('\n')}`);
}

/** Marks the arguments of the wrong type, where the signature has as many parameters as were given. */
function unfit(signature: Signature, given: Given): string {
  if (given.names.length > 0) return '';
  const shown = signature.parameters.filter((p) => p.name !== 'out');
  const expected = shown.map((p) => p.kind.display);
  const star = signature.parameters.findIndex((p) => p.keywordOnly);
  if (star >= 0) expected.splice(star, 0, '*');
  if (Math.max(expected.length, 1) !== given.positional.length) return '';
  const types = given.positional.map((value, i) => {
    const type = typeName(value);
    return type === expected[i] ? type : `!${type}!`;
  });
  const reason = "didn't match because some of the arguments have invalid types";
  return `\n      ${reason}: (${types.join(', ')})`;
}

/** The signature's parameters as Python prints them. */
function print(signature: Signature): string {
  const items = signature.parameters.map((p) => {
    const start = `${p.kind.display} ${p.name}`;
    return p.fallback === undefined ? start : `${start} = ${p.fallback}`;
  });
  const star = signature.parameters.findIndex((p) => p.keywordOnly);
  if (star >= 0) items.splice(star, 0, '*');
  return `(${items.join(', ')})`;
}

const warned = new Set<Signature>();

/** Warns once that a signature is deprecated, naming those that are not. */
export function warnDeprecated(
  name: string,
  all: readonly Signature[],
  signature: Signature,
): void {
  if (warned.has(signature)) return;
  warned.add(signature);
  const better = all.filter((other) => !other.deprecated).map((other) => `\t${name}${print(other)}`);
  process.emitWarning(
    `This overload of ${name} is deprecated:\n\t${name}${print(signature)}\n` +
      `Consider using one of the following signatures instead:\n${better.join('\n')}`,
    'UserWarning',
  );
}
