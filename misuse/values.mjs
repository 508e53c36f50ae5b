// What a caller may pass by mistake, or to see what happens.
import * as torch from 'isotorch';

/** Numbers drawn in the same order wherever the run starts: every function has its own sequence. */
export function randomNumbers(text) {
  let state = 2166136261;
  for (let i = 0; i < text.length; i++) state = Math.imul(state ^ text.charCodeAt(i), 16777619);
  return () => {
    // xorshift32
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

export const tensor = () => torch.ones([2, 3]);

export function disposed() {
  const t = tensor();
  t.dispose();
  return t;
}

/** An object with a tensor's methods that was never a tensor. */
export const lookAlike = () => Object.create(torch.Tensor.prototype);

const thrower = () => {
  throw new Error('a getter of the caller');
};

function trappedArray() {
  const items = [1, 2, 3];
  Object.defineProperty(items, 1, { get: thrower });
  return items;
}

/** An array that frees the tensor before it while it is read. */
function freeingArray() {
  const t = tensor();
  const items = [t, t];
  Object.defineProperty(items, 1, {
    get: () => {
      t.dispose();
      return t;
    },
  });
  return items;
}

function cycle() {
  const items = [];
  items.push(items);
  return items;
}

function detached() {
  const array = new Float32Array(8);
  structuredClone(array.buffer, { transfer: [array.buffer] });
  return array;
}

const integers = (dtype) => () => torch.ones([2, 3], { dtype });

/** Makers, so that what one call frees or changes is new for the next. */
const makers = [
  ...[tensor, disposed, lookAlike, trappedArray, freeingArray, cycle, detached],
  ...[torch.int64, torch.bool, torch.complex64, torch.bfloat16, torch.float64, torch.uint8].map(integers),
  () => torch.ones([]),
  () => torch.zeros([0]),
  () => torch.ones([3], { requires_grad: true }),
  () => torch.ones([2, 3]).t(),
  () => torch.ones([1, 2, 3, 4]),
  () => torch.ones([2, 3], { device: 'meta' }),
  () => torch.eye(3).to_sparse(),
  () => torch.quantize_per_tensor(torch.ones(3), 0.1, 0, torch.qint8),
  () => [tensor(), tensor()],
  () => [disposed()],
  () => [null, tensor()],
  ...[0, 1, 2, 3, -1, -2, 0.5, -0, NaN, Infinity, -Infinity, 2 ** 31, -(2 ** 31), 2 ** 53, 2 ** 63, 1e308].map(
    (number) => () => number,
  ),
  ...[1n, -1n, 2n ** 40n, 2n ** 62n, 2n ** 63n, 2n ** 64n, -(2n ** 70n)].map((number) => () => number),
  ...['', 'cpu', 'cuda:7', 'meta', 'mean', 'ij,jk->ik', '\0', 'x'.repeat(100_000), '\ud800'].map((text) => () => text),
  ...[null, undefined, true, false].map((value) => () => value),
  () => Symbol('s'),
  () => () => 1,
  () => async () => tensor(),
  () => thrower,
  () => ({}),
  () => ({ dim: 1 }),
  () => ({ dim: NaN, keepdim: 'x' }),
  () => ({ out: tensor() }),
  () => ({ dtype: torch.int64 }),
  () => ({ dtype: 'float32', device: 7 }),
  () => ({ device: 'meta' }),
  () => ({ generator: {} }),
  () => ({ generator: torch.default_generator }),
  () => ({ size: [2 ** 40, 2 ** 40] }),
  () => ({ no_such_keyword: 1 }),
  () => ({
    get dim() {
      return thrower();
    },
  }),
  () => new Proxy({}, { get: thrower, ownKeys: thrower, getPrototypeOf: thrower }),
  () => ({ re: 1, im: 2 }),
  () => ({ re: 'x', im: NaN }),
  () => torch.asFloat(2),
  () => [],
  () => [1, 2],
  () => [2, 3],
  () => [-1, 3],
  () => [NaN],
  () => [0.5, 1.5],
  () => [2 ** 40, 2 ** 40],
  () => [2 ** 53, -1],
  () => [2n ** 62n, 4],
  () => [[[1, 2], [3]], 4],
  () => [null],
  () => [Symbol('s')],
  () => new Array(1000).fill(1),
  () => new Array(3),
  () => new Float32Array([1, 2]),
  () => new BigInt64Array(2),
  () => new ArrayBuffer(8),
  () => new Date(0),
  () => new Map([[1, 2]]),
  () => new Set([1]),
  () => /x/,
  () => torch.float32,
  () => torch.strided,
  () => torch.channels_last,
  () => torch.sparse_coo,
  () => torch.device('cpu'),
  () => torch.default_generator,
  () => torch.Tensor,
  () => globalThis,
];

/** One of them. */
export function anyValue(random) {
  return makers[Math.floor(random() * makers.length)]();
}
