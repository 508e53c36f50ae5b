// Parameters as a function's or a constructor's source has them.
import { implementationOf, torch } from '../../ops/isotorch.mjs';

/** The list between a source's first parentheses, split at its own commas. */
function parameterList(source) {
  const start = source.indexOf('(') + 1;
  const items = [];
  let [depth, from, i] = [0, start, start];
  for (; i < source.length; i++) {
    const char = source[i];
    if ('([{'.includes(char)) depth++;
    else if (char === ')' && depth === 0) break;
    else if (')]}'.includes(char)) depth--;
    else if (char === ',' && depth === 0) {
      items.push(source.slice(from, i));
      from = i + 1;
    } else if (char === '/' && source[i + 1] === '*') i = source.indexOf('*/', i) + 1;
    else if (char === '/' && source[i + 1] === '/') i = source.indexOf('\n', i);
  }
  items.push(source.slice(from, i));
  return items.map((item) => item.replace(/\/\*.*?\*\/|\/\/[^\n]*/gs, '').trim()).filter((item) => item !== '');
}

/** The source of the constructor that writes the parameters out; classes above may hand them on. */
function constructorSource(of) {
  for (let owner = of; owner !== Function.prototype && owner !== null; owner = Object.getPrototypeOf(owner)) {
    const text = Function.prototype.toString.call(owner);
    const at = /^\s*constructor\(/m.exec(text);
    if (at === null) continue;
    const source = text.slice(at.index);
    if (!parameterList(source)[0]?.startsWith('...')) return source;
    // What pythonClass makes hands on what it binds; any other class binds by hand.
    if (!/SELF\d*, \.\.\.args\]/.test(source)) return undefined;
  }
  return undefined;
}

/**
 * @returns {{ name: string, text?: string }[] | undefined} names and the texts of defaults; undefined where the source does not
 *   tell
 */
export function writtenParameters(found, isClass) {
  const source = isClass ? constructorSource(found) : implementationOf(found)?.toString();
  if (source === undefined || !/\(/.test(source)) return undefined;
  return parameterList(source).flatMap((item) => {
    // Device and dtype, taken apart.
    const apart = /^\.\.\.\[(.*)\]$/.exec(item)?.[1];
    if (apart !== undefined) return apart.split(',').map((name) => ({ name: name.trim(), text: 'null' }));
    if (item.startsWith('...')) {
      return /^\.\.\.factory\d*$/.test(item) ? ['device', 'dtype'].map((name) => ({ name, text: 'null' })) : [];
    }
    const at = item.indexOf('=');
    if (at < 0) return [{ name: item }];
    return [{ name: item.slice(0, at).trim(), text: item.slice(at + 1).trim() }];
  });
}

/** The value of a default's text; undefined where it names what only the file knows. */
function evaluated(text) {
  try {
    return new Function('asFloat', 'torch', `return (${text})`)((number) => number, torch);
  } catch {
    return undefined;
  }
}

/** What differs between what is written and Python's parameters. */
export function differentDefaults(written, parameters) {
  const named = parameters.filter(({ kind }) => kind !== 'VAR_POSITIONAL' && kind !== 'VAR_KEYWORD');
  // Arguments that are bound by hand.
  if (written.length === 0) return undefined;
  if (written.length < named.length) return `${written.length} parameters, in Python ${named.length}`;
  for (const [i, parameter] of named.entries()) {
    const { text } = written[i];
    const { name, default: theirs } = parameter;
    if ((text === undefined) !== (theirs === undefined)) {
      return `${name} has ${text === undefined ? 'no default' : `the default ${text}`}, in Python ${JSON.stringify(theirs) ?? 'none'}`;
    }
    if (text === undefined) continue;
    const ours = evaluated(text);
    // A class, a function, an infinity: by its name.
    if (ours === undefined || theirs?.text !== undefined) continue;
    if (JSON.stringify(ours) !== JSON.stringify(theirs)) {
      return `${name} is ${text} by default, in Python ${JSON.stringify(theirs)}`;
    }
  }
  return undefined;
}
