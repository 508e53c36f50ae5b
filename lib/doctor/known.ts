/**
 * Small computations whose bits are the same on every processor: whole numbers that no rounding touches, single operations that
 * IEEE 754 defines to the last bit, and Mersenne Twister's numbers as they come. `test/doctor/` has Python compute the same.
 */
import * as torch from 'isotorch';

/** A computation, and the bytes that it gives everywhere, in hexadecimal digits. */
export interface Known {
  name: string;
  compute: (device: string) => torch.Tensor;
  bytes: string;
}

/** 0, 1, 2, … in a shape, as float32. */
const count = (device: string, ...shape: number[]): torch.Tensor =>
  torch
    .arange(
      shape.reduce((product, size) => product * size, 1),
      { dtype: torch.float32, device },
    )
    .reshape(shape);

/** What is computed. Drawing is for the CPU alone: a GPU has another generator. */
export const known: readonly (Known & { onCpuOnly?: true })[] = [
  {
    name: 'random whole numbers',
    compute: () => torch.randint(0, 1_000_000, [4], { generator: new torch.Generator().manual_seed(7) }),
    bytes: 'ef500b0000000000c450060000000000d9120b0000000000b6e10e0000000000',
    onCpuOnly: true,
  },
  {
    name: 'random fractions',
    compute: () => torch.rand(4, { generator: new torch.Generator().manual_seed(7) }),
    bytes: 'aff0083f10934b3e19c2283ff629283f',
    onCpuOnly: true,
  },
  {
    name: 'arithmetic',
    compute: (device) => {
      const x = count(device, 5).add(1);
      return x.reciprocal().mul(3).sub(x.sqrt()).div(x.add(6));
    },
    bytes: '2549923ed0b02f3c0c95a6bd000000be954d18be',
  },
  {
    name: 'matrix product',
    compute: (device) => count(device, 3, 4).matmul(count(device, 4, 2).sub(3)),
    bytes: '000020410000804100002041000000420000204100004042',
  },
  {
    name: 'convolution and its gradient',
    compute: (device) => {
      const weight = count(device, 1, 1, 2, 2).sub(1).requires_grad_();
      const y = torch.nn.functional.conv2d(count(device, 1, 1, 4, 4), weight, null, 2).relu();
      y.square().sum().backward();
      return torch.cat([y.detach().flatten(), weight.grad!.flatten()]);
    },
    bytes: '00006041000090410000f0410000084200009a440000b2440000fa4400000945',
  },
  {
    name: 'training step',
    compute: (device) => {
      const w = new torch.nn.Parameter(count(device, 4));
      const optimizer = new torch.optim.SGD([w], { lr: 0.25, momentum: 0.5 });
      for (let step = 0; step < 3; step++) {
        optimizer.zero_grad();
        w.sub(2).square().sum().backward();
        optimizer.step();
      }
      return w.detach();
    },
    bytes: '0000204000001040000000400000e03f',
  },
];

/** The bytes of a tensor, in hexadecimal digits. */
export function bytesOf(tensor: torch.Tensor): string {
  const { buffer, byteOffset, byteLength } = tensor.cpu().contiguous().toTypedArray();
  return Buffer.from(buffer, byteOffset, byteLength).toString('hex');
}
