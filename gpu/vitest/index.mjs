// What a GPU machine has in place of Vitest, by the same names: collects the tests of a file, which main.mjs runs. `expect` is
// Vitest's own.
import * as vitest from '@vitest/expect';
import { format } from 'node:util';

const { chai } = vitest;
chai.use(vitest.JestExtend);
chai.use(vitest.JestChaiExpect);
chai.use(vitest.JestAsymmetricMatchers);

export const expect = Object.assign(
  (value, message) => chai.expect(value, message),
  chai.expect,
  globalThis[vitest.ASYMMETRIC_MATCHERS_OBJECT],
);
vitest.setState({ assertionCalls: 0 }, expect);
globalThis[vitest.GLOBAL_EXPECT] = expect;

/**
 * A `describe` block; the outermost one is the file.
 * @typedef {object} Suite
 * @property {string} name
 * @property {boolean} skip
 * @property {{ beforeAll: Function[], afterAll: Function[], beforeEach: Function[], afterEach: Function[] }} hooks
 * @property {(Suite | Test)[]} children
 */
/** @typedef {{ name: string, skip: boolean, body: Function, timeout: number | undefined }} Test */

/** @param {string} name @param {boolean} skip @returns {Suite} */
const suite = (name, skip) => ({
  name,
  skip,
  hooks: { beforeAll: [], afterAll: [], beforeEach: [], afterEach: [] },
  children: [],
});

/** Everything that the file declares. */
export const file = suite('', false);
let current = file;

/** @param {boolean} skip */
const declareSuite = (skip) => (name, body) => {
  const outer = current;
  current = suite(name, skip);
  outer.children.push(current);
  try {
    body();
  } finally {
    current = outer;
  }
};

/** @param {boolean} skip */
const declareTest =
  (skip) =>
  (name, ...rest) => {
    const body = rest.find((part) => typeof part === 'function');
    const options = rest.find((part) => typeof part !== 'function');
    const timeout = typeof options === 'number' ? options : options?.timeout;
    current.children.push({ name, skip, body, timeout });
  };

/** `each`: one declaration a row. Rows that are lists are spread over the parameters. */
function each(declare) {
  return (rows) =>
    (name, ...rest) => {
      const body = rest.find((part) => typeof part === 'function');
      const options = rest.filter((part) => typeof part !== 'function');
      for (const row of rows) {
        const given = Array.isArray(row) ? row : [row];
        const wanted = name.match(/%[sdifjoO]/g)?.length ?? 0;
        declare(format(name, ...given.slice(0, wanted)), ...options, () => body(...given));
      }
    };
}

function withVariants(declare) {
  const use = declare(false);
  const skip = declare(true);
  return Object.assign(use, {
    skip,
    each: each(use),
    skipIf: (condition) => (condition ? skip : use),
    runIf: (condition) => (condition ? use : skip),
  });
}

export const describe = withVariants(declareSuite);
export const it = withVariants(declareTest);
export const test = it;

const hook = (kind) => (body) => {
  current.hooks[kind].push(body);
};
export const beforeAll = hook('beforeAll');
export const afterAll = hook('afterAll');
export const beforeEach = hook('beforeEach');
export const afterEach = hook('afterEach');

const provided = new Map();
/** Gives `inject` a value. */
export const provide = (name, value) => provided.set(name, value);
export const inject = (name) => provided.get(name);
