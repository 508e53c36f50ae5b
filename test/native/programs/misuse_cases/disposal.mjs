// Tensors used after they were freed.
import * as torch from 'isotorch';
import { GONE, disposed, leaf, parameter, t } from './given.mjs';

const { optim } = torch;

/** @type {import('./index.mjs').Row[]} */
export const disposal = [
  ['use after dispose()', () => disposed().add(1), 'TorchError', GONE],
  [
    'use after its scope ended',
    () => {
      let escaped;
      torch.scope(() => {
        escaped = t();
      });
      escaped.add(1);
    },
    'TorchError',
    GONE,
  ],
  ['as a second argument', () => t().add(disposed()), 'TorchError', GONE],
  ['in a list', () => torch.cat([t(), disposed()]), 'TorchError', GONE],
  ['shape of a disposed tensor', () => disposed().shape, 'TorchError', GONE],
  ['item of a disposed tensor', () => disposed().item(), 'TorchError', GONE],
  ['printing a disposed tensor', () => String(disposed()), null],
  ['backward of a disposed tensor', () => disposed().backward(), 'TorchError', GONE],
  ['grad of a disposed tensor', () => disposed().grad, 'TorchError', GONE],
  [
    'assigning a disposed grad',
    () => {
      leaf().grad = disposed();
    },
    'TorchError',
    GONE,
  ],
  [
    'disposing twice',
    () => {
      const tensor = t();
      tensor.dispose();
      tensor.dispose();
    },
    null,
  ],
  [
    'a graph whose inputs were disposed still runs backward',
    () => {
      const w = leaf();
      const y = w.mul(2);
      const z = y.sum();
      y.dispose();
      z.backward();
      if (w.grad.tolist().join() !== '2,2,2') throw new Error('wrong gradient');
    },
    null,
  ],
  [
    'disposing a parameter in use by an optimizer',
    () => {
      const p = parameter();
      const optimizer = new optim.SGD([p], { lr: 0.1 });
      p.sum().backward();
      p.dispose();
      optimizer.step();
      optimizer.zero_grad();
    },
    'TorchError',
    /a parameter of the optimizer was disposed/,
  ],
  ['a generator state that was disposed', () => torch.set_rng_state(disposed()), 'TorchError', GONE],
];
