// The fast way on a CPU: what a network computes in, by whichever method it is called.
import * as torch from 'isotorch';
import { Zi2ziGenerator } from 'isotorch/gan/networks';
import { Place } from 'isotorch/train';
import { expect, it } from 'vitest';

it('fast: other methods than forward compute in bfloat16, too, and give float32', () => {
  const shape = { input_nc: 1, image_size: 32, ngf: 2, embedding_num: 2, embedding_dim: 4 };
  const net = new Place('cpu', true).network(new Zi2ziGenerator(shape), ['encode']).eval();
  const images = torch.randn(2, 1, 32, 32);
  const [, code] = net(images, torch.tensor([0n, 1n]));
  const alone = net.encode(images);
  expect(alone.dtype).toBe(torch.float32);
  expect(torch.equal(alone, code)).toBe(true);
  expect(torch.equal(alone, alone.bfloat16().float())).toBe(true);
});
