// 26 everyday calls with the arguments that training code gives them, on small inputs: what a call costs beside the
// arithmetic. The same, by the same names, is in python/calls.py.
import * as torch from 'isotorch';

const F = torch.nn.functional;

/** By name: makes the inputs, gives the call. */
export const calls = {
  sum: (on) => {
    const x = torch.randn([2, 3, 4], on);
    return () => x.sum([1, 2], { keepdim: true });
  },
  mean: (on) => {
    const x = torch.randn([2, 3, 4], on);
    return () => x.mean(1, { dtype: torch.float64 });
  },
  cat: (on) => {
    const [a, b] = [torch.randn([2, 3], on), torch.randn([2, 3], on)];
    return () => torch.cat([a, b], { dim: 1 });
  },
  stack: (on) => {
    const [a, b] = [torch.randn([2, 3], on), torch.randn([2, 3], on)];
    return () => torch.stack([a, b], { dim: 1 });
  },
  chunk: (on) => {
    const x = torch.randn([4, 6], on);
    return () => x.chunk(2, { dim: 1 });
  },
  permute: (on) => {
    const x = torch.randn([2, 3, 4], on);
    return () => x.permute(2, 0, 1);
  },
  conv2d: (on) => {
    const [x, w, b] = [torch.randn([1, 3, 8, 8], on), torch.randn([4, 3, 3, 3], on), torch.randn([4], on)];
    return () => F.conv2d(x, w, b, { stride: 2, padding: 1 });
  },
  batch_norm: (on) => {
    const [x, mean, variance] = [torch.randn([4, 3], on), torch.zeros([3], on), torch.ones([3], on)];
    const [w, b] = [torch.ones([3], on), torch.zeros([3], on)];
    return () => F.batch_norm(x, mean, variance, w, b, { training: true, momentum: 0.1 });
  },
  layer_norm: (on) => {
    const [x, w, b] = [torch.randn([4, 8], on), torch.ones([8], on), torch.zeros([8], on)];
    return () => F.layer_norm(x, [8], { weight: w, bias: b, eps: 1e-5 });
  },
  softmax: (on) => {
    const x = torch.randn([4, 8], on);
    return () => F.softmax(x, { dim: 1 });
  },
  cross_entropy: (on) => {
    const x = torch.randn([4, 8], on);
    const target = torch.tensor([1n, 2n, 3n, 0n], on);
    return () => F.cross_entropy(x, target, { label_smoothing: 0.1 });
  },
  index_select: (on) => {
    const x = torch.randn([4, 8], on);
    const index = torch.tensor([0n, 2n], on);
    return () => x.index_select(1, index);
  },
  gather: (on) => {
    const x = torch.randn([4, 8], on);
    const index = torch.zeros([4, 2], { ...on, dtype: torch.int64 });
    return () => x.gather(1, index);
  },
  where: (on) => {
    const x = torch.randn([4, 4], on);
    const condition = x.gt(0);
    return () => torch.where(condition, x, 0);
  },
  clamp: (on) => {
    const x = torch.randn([4, 4], on);
    return () => x.clamp({ min: -1, max: 1 });
  },
  max: (on) => {
    const x = torch.randn([4, 4], on);
    return () => x.max(1, { keepdim: true });
  },
  topk: (on) => {
    const x = torch.randn([4, 8], on);
    return () => x.topk(3, { dim: 1 });
  },
  bmm: (on) => {
    const [a, b] = [torch.randn([2, 3, 4], on), torch.randn([2, 4, 5], on)];
    return () => torch.bmm(a, b);
  },
  addmm: (on) => {
    const [c, a, b] = [torch.randn([3, 5], on), torch.randn([3, 4], on), torch.randn([4, 5], on)];
    return () => torch.addmm(c, a, b, { beta: 0.5, alpha: 2 });
  },
  einsum: (on) => {
    const [a, b] = [torch.randn([3, 4], on), torch.randn([4, 5], on)];
    return () => torch.einsum('ij,jk->ik', a, b);
  },
  interpolate: (on) => {
    const x = torch.randn([1, 3, 4, 4], on);
    return () => F.interpolate(x, { scale_factor: 2, mode: 'nearest' });
  },
  pad: (on) => {
    const x = torch.randn([1, 3, 4, 4], on);
    return () => F.pad(x, [1, 1, 1, 1], { mode: 'reflect' });
  },
  arange: (on) => () => torch.arange(0, 10, 2, { ...on, dtype: torch.float32 }),
  zeros_like: (on) => {
    const x = torch.randn([4, 4], on);
    return () => torch.zeros_like(x, { dtype: torch.int64 });
  },
  to: (on) => {
    const x = torch.randn([4, 4], on);
    return () => x.to(torch.float64);
  },
  item: (on) => {
    const x = torch.randn([], on);
    return () => x.item();
  },
};
