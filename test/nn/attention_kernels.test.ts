// torch.nn.attention.sdpa_kernel: which kernel computes is Python's choice, bit for bit.
import * as torch from 'isotorch';
import { expect, it } from 'vitest';
import { type ParityCase, parity } from '../support/parity';

const { SDPBackend, sdpa_kernel } = torch.nn.attention;
const cuda = torch.backends.cuda;
const enabled = () => [cuda.math_sdp_enabled(), cuda.flash_sdp_enabled(), cuda.mem_efficient_sdp_enabled()];

const withKernels = (python: string, kernels: Parameters<typeof sdpa_kernel>[0]): ParityCase => ({
  name: python,
  python: `
from torch.nn.attention import SDPBackend, sdpa_kernel
q, k, v = (torch.randn(2, 4, 33, 16) for _ in range(3))
with sdpa_kernel(${python}):
    return F.scaled_dot_product_attention(q, k, v, is_causal=True)`,
  ours: () => {
    const [q, k, v] = [0, 1, 2].map(() => torch.randn([2, 4, 33, 16])) as [torch.Tensor, torch.Tensor, torch.Tensor];
    return sdpa_kernel(kernels, () => torch.nn.functional.scaled_dot_product_attention(q, k, v, { is_causal: true }));
  },
});

parity('attention by one kind of kernel', [
  withKernels('SDPBackend.MATH', SDPBackend.MATH),
  withKernels('SDPBackend.FLASH_ATTENTION', SDPBackend.FLASH_ATTENTION),
  withKernels('[SDPBackend.MATH, SDPBackend.FLASH_ATTENTION]', [SDPBackend.MATH, SDPBackend.FLASH_ATTENTION]),
]);

it('puts the switches back, after an error too', () => {
  const before = enabled();
  expect(sdpa_kernel([SDPBackend.MATH], enabled)).toEqual([true, false, false]);
  const fail = () => {
    throw new Error('inside');
  };
  expect(() => sdpa_kernel(SDPBackend.FLASH_ATTENTION, fail)).toThrow('inside');
  expect(enabled()).toEqual(before);
});

it('refuses what is no kernel, and an order', () => {
  expect(() => sdpa_kernel('math' as never, enabled)).toThrow(
    'Backend must be an instance of SDPBackend or a list of SDPBackend instances, got str',
  );
  expect(() => sdpa_kernel([SDPBackend.MATH], { set_priority: true }, enabled)).toThrow('set_priority is not here');
});
