import * as torch from 'isotorch';
import { expect, it } from 'vitest';

const { nn } = torch;

it('DataParallel calls its module, under Python’s names', () => {
  const inner = new nn.Linear(3, 2);
  const parallel = new nn.DataParallel(inner);
  const x = torch.randn([4, 3]);
  expect(torch.equal(parallel(x) as torch.Tensor, inner(x))).toBe(true);
  expect(Object.keys(parallel.state_dict())).toEqual(['module.weight', 'module.bias']);
  expect(String(parallel)).toBe('DataParallel(\n  (module): Linear(in_features=3, out_features=2, bias=True)\n)');
  expect(torch.typename(parallel)).toBe('torch.nn.parallel.data_parallel.DataParallel');
  expect(() => new nn.parallel.DataParallel(inner, [0, 1])).toThrow('divides no batch among 2 devices');
});

it('factory_kwargs sorts a layer’s keywords', () => {
  const { float64 } = torch;
  expect(nn.factory_kwargs(null)).toEqual({});
  expect(nn.factory_kwargs({ dtype: float64, factory_kwargs: { device: 'cpu' } })).toEqual({
    device: 'cpu',
    dtype: float64,
  });
  expect(() => nn.factory_kwargs({ bias: true })).toThrow("unexpected kwargs {'bias'}");
  expect(() => nn.factory_kwargs({ dtype: float64, factory_kwargs: { dtype: float64 } })).toThrow(
    'dtype specified twice, in **kwargs and in factory_kwargs',
  );
});
