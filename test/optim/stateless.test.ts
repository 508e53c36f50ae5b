// torch.optim.swap_in_optimizer_params_and_state: a step on other tensors, and what it leaves behind.
import * as torch from 'isotorch';
import { itRefuses } from '../support/errors';
import { parity } from '../support/parity';

const { optim } = torch;
const { swap_in_optimizer_params_and_state: swapIn } = optim;

function ready() {
  const p = new torch.nn.Parameter(torch.ones(2));
  const optimizer = new optim.Adam([p], { lr: 0.5 });
  p.grad = torch.ones(2);
  optimizer.step();
  return { p, optimizer, saved: optimizer.state_dict() };
}

parity('swap_in_optimizer_params_and_state', [
  {
    name: 'a step on other tensors',
    python: `
      p = nn.Parameter(torch.ones(2))
      optimizer = optim.Adam([p], lr=0.5)
      p.grad = torch.ones(2)
      optimizer.step()
      saved = optimizer.state_dict()
      saved = {'state': {0: {k: v.clone() for k, v in saved['state'][0].items()}}, 'param_groups': saved['param_groups']}
      saved['param_groups'][0]['lr'] = 0.25
      other = torch.full([2], 3.0)
      other.grad = torch.full([2], 2.0)
      with optim.swap_in_optimizer_params_and_state(optimizer, {'p': other}, saved):
          optimizer.step()
      return [p.detach(), other, saved, optimizer.state_dict()]`,
    ours: () => {
      const { p, optimizer, saved } = ready();
      saved.state[0] = Object.fromEntries(Object.entries(saved.state[0]!).map(([k, v]) => [k, v.clone()]));
      saved.param_groups[0]!.lr = 0.25;
      const other = torch.full([2], 3);
      other.grad = torch.full([2], 2);
      swapIn(optimizer, { p: other }, saved, () => optimizer.step());
      return [p.detach(), other, saved as never, optimizer.state_dict() as never];
    },
  },
]);

const body = () => null;
itRefuses([
  [
    'an optimizer without state',
    () => swapIn(new optim.Adam([new torch.nn.Parameter(torch.ones(2))]), {}, ready().saved, body),
    torch.TorchError,
    'swap_in_optimizer_params_and_state requires initialized optimizer state.',
  ],
  [
    'too few tensors',
    () => swapIn(ready().optimizer, {}, ready().saved, body),
    torch.TorchError,
    'swap_in_optimizer_params_and_state requires the explicit parameter state to match optimizer.param_groups ordering.',
  ],
  [
    'other options',
    () => {
      const { optimizer, saved } = ready();
      delete saved.param_groups[0]!.lr;
      swapIn(optimizer, { p: torch.ones(2) }, saved, body);
    },
    torch.TorchError,
    "swap_in_optimizer_params_and_state requires optimizer.state_dict()-style param group keys to exactly match the live optimizer group keys for group 0. Keys only in swap-in: []. Keys only in live: ['lr'].",
  ],
  [
    'states of nobody',
    () => {
      const { optimizer, saved } = ready();
      saved.state[7] = {};
      swapIn(optimizer, { p: torch.ones(2) }, saved, body);
    },
    torch.TorchError,
    "swap_in_optimizer_params_and_state requires swapin_optim_state['state'] to be keyed only by packed parameter ids from param_groups[*]['params']; got extra keys [7].",
  ],
]);
