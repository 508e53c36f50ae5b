// Ints that do not fit, and data that is no int, in Python's words.
import * as torch from 'isotorch';
import { agree } from '../support/expressions';

const { uint64 } = torch;
const large = 2n ** 63n;
const huge = 2n ** 64n;

agree('ints that do not fit', '', [
  ['torch.ones(2).sum(2**63)', () => torch.ones(2).sum(large as never)],
  ['torch.ones(2, 3).select(2**63, 0)', () => torch.ones(2, 3).select(large as never, 0)],
  ['torch.ones(3).topk(2**64)', () => [...torch.ones(3).topk(huge as never)]],
  ['torch.eye(-2**63 - 1)', () => torch.eye((-large - 1n) as never)],
  ['torch.randint(2**63, (2,))', () => torch.randint(large as never, [2])],
  ['torch.ones(2).add(2**63)', () => torch.ones(2).add(large)],
  ['torch.ones(2).add(2**64)', () => torch.ones(2).add(huge)],
  ['torch.ones(2).add(-2**63 - 1)', () => torch.ones(2).add(-large - 1n)],
  ['torch.tensor(2**64, dtype=torch.uint64)', () => torch.tensor(huge, { dtype: uint64 })],
  ['torch.tensor(-1, dtype=torch.uint64)', () => torch.tensor(-1n, { dtype: uint64 })],
]);

agree('uint64 from what is no int', '', [
  ['torch.tensor(1.5, dtype=torch.uint64)', () => torch.tensor(1.5, { dtype: uint64 })],
  ['torch.tensor([1, 2.5], dtype=torch.uint64)', () => torch.tensor([1, 2.5], { dtype: uint64 })],
  ['torch.tensor(float("nan"), dtype=torch.uint64)', () => torch.tensor(Number.NaN, { dtype: uint64 })],
  ['torch.tensor(float("-inf"), dtype=torch.uint64)', () => torch.tensor(-Infinity, { dtype: uint64 })],
  ['torch.tensor(1j, dtype=torch.uint64)', () => torch.tensor({ re: 0, im: 1 }, { dtype: uint64 })],
  ['torch.tensor([1j, 1], dtype=torch.uint64)', () => torch.tensor([{ re: 0, im: 1 }, 1], { dtype: uint64 })],
  ['torch.tensor([True, 3], dtype=torch.uint64)', () => torch.tensor([true, 3], { dtype: uint64 })],
  ['torch.tensor(1.5, dtype=torch.uint32)', () => torch.tensor(1.5, { dtype: torch.uint32 })],
]);
