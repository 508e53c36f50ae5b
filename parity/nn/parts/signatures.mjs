// Names, order, kinds and defaults of the parameters of every class and function of torch.nn, torch.optim and torch.utils.data
// that is here, against Python's `inspect.signature`.
import { torch } from '../../ops/isotorch.mjs';
import { differentDefaults, writtenParameters } from '../signatures/written.mjs';

const FACTORY = Symbol('a value for a parameter');
const UNKNOWN = 'no_such_parameter';

function thrown(call) {
  try {
    call();
  } catch (error) {
    return String(error?.message);
  }
  return 'no error';
}

/** What the reader of arguments takes differently. */
function differentReading(call, parameters) {
  const positional = parameters.filter(({ kind }) => kind === 'POSITIONAL_OR_KEYWORD').map(({ name }) => name);
  for (const [i, name] of positional.entries()) {
    const said = thrown(() => call(...positional.slice(0, i + 1).map(() => FACTORY), { [name]: 1 }));
    if (!said.includes(`got multiple values for argument '${name}'`)) return `parameter ${i} is not ${name}: ${said}`;
  }
  const keywords = parameters.filter(({ kind }) => kind === 'KEYWORD_ONLY').map(({ name }) => name);
  // With one that is known: an object without such a one may be an argument itself.
  const named = Object.fromEntries([...positional.slice(0, 1), ...keywords, UNKNOWN].map((name) => [name, 1]));
  const said = thrown(() => call(named));
  if (!said.includes(`got an unexpected keyword argument '${UNKNOWN}'`)) return `${UNKNOWN} is taken: ${said}`;
  const many = thrown(() => call(...positional.map(() => FACTORY), FACTORY));
  if (!/takes .*positional arguments? but/.test(many)) return `takes more than ${positional.length}: ${many}`;
  return undefined;
}

const isOpen = ({ kind }) => kind === 'VAR_POSITIONAL' || kind === 'VAR_KEYWORD';

function check(found, { class: isClass, parameters }) {
  const call = (...args) => (isClass ? new found(...args) : found(...args));
  if (!parameters.some(isOpen) && parameters.length > 0) {
    const reading = differentReading(call, parameters);
    if (reading !== undefined) return reading;
  }
  const written = writtenParameters(found, isClass);
  return written === undefined ? undefined : differentDefaults(written, parameters);
}

function find(path) {
  let found = torch;
  for (const part of path.split('.').slice(1)) found = found?.[part];
  return found;
}

export async function run(context) {
  const python = context.startPython('signatures.py');
  const failures = [];
  let [all, done] = [0, 0];
  for (const [space, names] of Object.entries(await python.facts)) {
    const room = find(space);
    for (const described of names) {
      const name = `${space}.${described.name}`;
      const found = room?.[described.name];
      // What is absent has its reason in COMPAT.md.
      if (typeof found !== 'function' || !context.isWanted(name)) continue;
      context.begin(name);
      all++;
      const text = check(found, described);
      if (text === undefined) done++;
      else failures.push(`${name}: ${text}`);
    }
  }
  python.stop();
  return { done, all, failures };
}
