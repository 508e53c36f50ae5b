// torch.nested in the strided layout.
import * as torch from 'isotorch';
import { agree } from '../support/expressions';

const { nested } = torch;
const list = () => [torch.ones([2, 3]), torch.arange(6, { dtype: torch.float32 }).reshape([2, 3]).narrow(0, 0, 1)];
const nt = () => nested.nested_tensor(list());
const show = (tensor: torch.Tensor) => [tensor.unbind(), String(tensor.dtype), tensor.is_nested, tensor.requires_grad];
const setup = `
N = torch.nested
items = [torch.ones(2, 3), torch.arange(6.).reshape(2, 3)[:1]]
nt = N.nested_tensor(items)
def show(t): return [t.unbind(), t.dtype, t.is_nested, t.requires_grad]
def grad():
    leaves = [t.clone().requires_grad_() for t in items]
    (N.to_padded_tensor(N.as_nested_tensor(leaves) * 3, 0.0) ** 2).sum().backward()
    return [t.grad for t in leaves]`;

function grad(): (torch.Tensor | null)[] {
  const leaves = list().map((t) => t.clone().requires_grad_());
  nested.to_padded_tensor(nested.as_nested_tensor(leaves).mul(3), 0).pow(2).sum().backward();
  return leaves.map((t) => t.grad);
}

agree('nested', setup, [
  ['show(nt)', () => show(nt())],
  ['show(N.nested_tensor([[1.0, 2.0], [3.0]]))', () => show(nested.nested_tensor([[1, 2], [3]]))],
  [
    'show(N.nested_tensor(items, dtype=torch.float64, requires_grad=True))',
    () => show(nested.nested_tensor(list(), { dtype: torch.float64, requires_grad: true })),
  ],
  [
    'show(N.as_nested_tensor(torch.arange(6.).reshape(2, 3)))',
    () => show(nested.as_nested_tensor(torch.arange(6, { dtype: torch.float32 }).reshape([2, 3]))),
  ],
  [
    'show(N.as_nested_tensor(items, dtype=torch.float64))',
    () => show(nested.as_nested_tensor(list(), { dtype: torch.float64 })),
  ],
  [
    'show(N.as_nested_tensor(nt, layout=torch.strided, dtype=torch.float64))',
    () => show(nested.as_nested_tensor(nt(), { layout: torch.strided, dtype: torch.float64 })),
  ],
  ['N.to_padded_tensor(nt, -1.0)', () => nested.to_padded_tensor(nt(), -1)],
  ['N.to_padded_tensor(nt, 0.0, (2, 4, 4))', () => nested.to_padded_tensor(nt(), 0, [2, 4, 4])],
  ['show(nt * 2 + nt)', () => show(nt().mul(2).add(nt()))],
  [
    'show(nt.matmul(N.nested_tensor([torch.ones(3, 2), torch.ones(3, 1)])))',
    () => show(nt().matmul(nested.nested_tensor([torch.ones([3, 2]), torch.ones([3, 1])]))),
  ],
  ['show(torch.softmax(nt, -1))', () => show(torch.softmax(nt(), -1))],
  [
    'show(N.narrow(torch.arange(6.).reshape(3, 2), 0, 1, 2))',
    () => show(nested.narrow(torch.arange(6, { dtype: torch.float32 }).reshape([3, 2]), 0, 1, 2)),
  ],
  ['grad()', () => grad()],
  ['N.nested_tensor(3)', () => nested.nested_tensor(3 as never)],
  ['N.nested_tensor([nt])', () => nested.nested_tensor([nt()])],
  ['N.nested_tensor(items, layout=torch.sparse_coo)', () => nested.nested_tensor(list(), { layout: torch.sparse_coo })],
  ['N.as_nested_tensor(3)', () => nested.as_nested_tensor(3 as never)],
  ['N.as_nested_tensor(torch.ones(2))', () => nested.as_nested_tensor(torch.ones([2]))],
  ['N.as_nested_tensor(nt)', () => nested.as_nested_tensor(nt())],
  ['N.narrow(torch.ones(2, 3), 0, torch.tensor(0), 2)', () => nested.narrow(torch.ones([2, 3]), 0, torch.tensor(0), 2)],
  ['N.nested_tensor()', () => nested.nested_tensor(...([] as unknown as [number[]]))],
]);

agree('the size of one dimension', setup, [
  ['nt.size(0)', () => nt().size(0)],
  ['nt.size(1)', () => nt().size(1)],
  ['nt.size(2)', () => nt().size(2)],
  ['nt.size(dim=-1)', () => nt().size({ dim: -1 })],
  ['nt.size(3)', () => nt().size(3)],
  ['nt.size()', () => nt().size()],
]);
