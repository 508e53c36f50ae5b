// Hooks of optimizers: when they are called, with what, and what they may change, as in Python.
import * as torch from 'isotorch';
import { expect, it } from 'vitest';
import { parity } from '../support/parity';

const { optim } = torch;
const parameter = () => new torch.nn.Parameter(torch.ones(2));

function ready<T extends { param_groups: { params: torch.Tensor[] }[] }>(optimizer: T): T {
  for (const { params } of optimizer.param_groups) for (const p of params) p.grad = torch.ones_like(p);
  return optimizer;
}

parity('hooks of optimizers', [
  {
    name: 'around steps: the global ones outside, with the arguments as they became',
    python: `
      from torch.optim.optimizer import register_optimizer_step_pre_hook, register_optimizer_step_post_hook
      log = []
      p = nn.Parameter(torch.ones(2))
      p.grad = torch.ones(2)
      optimizer = optim.SGD([p], lr=0.5)
      def note(name):
          def hook(optimizer, args, kwargs):
              log.append([name, len(args), list(kwargs), p.tolist()])
          return hook
      handles = [
          optimizer.register_step_pre_hook(note('own pre')),
          optimizer.register_step_pre_hook(lambda optimizer, args, kwargs: ((args[0], lambda: 7), {})),
          optimizer.register_step_pre_hook(note('second pre')),
          register_optimizer_step_post_hook(note('global post')),
          optimizer.register_step_post_hook(note('own post')),
          register_optimizer_step_pre_hook(note('global pre')),
      ]
      log.append(optimizer.step())
      log.append(optimizer.step(closure=lambda: 3))
      for handle in handles:
          handle.remove()
      log.append(optimizer.step(lambda: 4))
      return log`,
    ours: () => {
      const log: never[] = [];
      const push = (value: unknown) => void log.push(value as never);
      const p = parameter();
      p.grad = torch.ones(2);
      const optimizer = new optim.SGD([p], { lr: 0.5 });
      const note = (name: string) => (_: object, args: unknown[], kwargs: object) =>
        push([name, args.length, Object.keys(kwargs), p.tolist()]);
      const handles = [
        optimizer.register_step_pre_hook(note('own pre')),
        optimizer.register_step_pre_hook((_, args) => [[args[0], () => 7], {}]),
        optimizer.register_step_pre_hook({ hook: note('second pre') }),
        optim.optimizer.register_optimizer_step_post_hook(note('global post')),
        optimizer.register_step_post_hook(note('own post')),
        optim.optimizer.register_optimizer_step_pre_hook(note('global pre')),
      ];
      push(optimizer.step());
      push(optimizer.step({ closure: () => 3 }));
      for (const handle of handles) handle.remove();
      push(optimizer.step(() => 4));
      return log;
    },
  },
  {
    name: 'around state dicts',
    python: `
      log = []
      p = nn.Parameter(torch.ones(2))
      optimizer = optim.Adam([p], lr=0.5)
      optimizer.register_state_dict_pre_hook(lambda o: log.append('pre'))
      optimizer.register_state_dict_pre_hook(lambda o: log.append('first'), prepend=True)
      optimizer.register_state_dict_post_hook(lambda o, d: {**d, 'more': 5})
      optimizer.register_state_dict_post_hook(lambda o, d: log.append(list(d)), True)
      saved = optimizer.state_dict()
      log.append(list(saved))
      saved['param_groups'][0]['lr'] = 0.25
      optimizer.register_load_state_dict_pre_hook(lambda o, d: log.append(sorted(d)))
      optimizer.register_load_state_dict_pre_hook(lambda o, d: {k: v for k, v in d.items() if k != 'more'}, prepend=True)
      optimizer.register_load_state_dict_post_hook(lambda o: log.append(o.param_groups[0]['lr']))
      optimizer.load_state_dict(saved)
      return log + [list(saved)]`,
    ours: () => {
      const log: never[] = [];
      const push = (value: unknown) => void log.push(value as never);
      const optimizer = new optim.Adam([parameter()], { lr: 0.5 });
      optimizer.register_state_dict_pre_hook(() => push('pre'));
      optimizer.register_state_dict_pre_hook(() => push('first'), { prepend: true });
      optimizer.register_state_dict_post_hook((_, dict) => ({ ...(dict as object), more: 5 }));
      optimizer.register_state_dict_post_hook((_, dict) => push(Object.keys(dict)), true);
      const saved = optimizer.state_dict();
      push(Object.keys(saved));
      saved.param_groups[0]!.lr = 0.25;
      optimizer.register_load_state_dict_pre_hook((_, dict) => push(Object.keys(dict).sort()));
      optimizer.register_load_state_dict_pre_hook(
        (_, dict) => {
          const { more: _more, ...rest } = dict as { more?: number };
          return rest;
        },
        { prepend: true },
      );
      optimizer.register_load_state_dict_post_hook((o) => push(o.param_groups[0]!.lr));
      optimizer.load_state_dict(saved);
      return [...log, Object.keys(saved)];
    },
  },
  {
    name: 'of a class that a user writes',
    python: `
      log = []
      class Plain(optim.Optimizer):
          def __init__(self, params, lr=0.5):
              super().__init__(params, {'lr': lr})
          @torch.no_grad()
          def step(self, closure=None):
              for group in self.param_groups:
                  for p in group['params']:
                      p.sub_(p.grad * group['lr'])
                      self.state[p]['seen'] = torch.ones(1)
              return 11
      p = nn.Parameter(torch.ones(2))
      p.grad = torch.ones(2)
      optimizer = Plain([p])
      optimizer.register_step_post_hook(lambda o, args, kwargs: log.append('post'))
      log.append(optimizer.step())
      return [log, p.detach(), str(optimizer), optimizer.state_dict()]`,
    ours: () => {
      const log: never[] = [];
      class Plain extends optim.Optimizer {
        constructor(params: torch.Tensor[], lr = 0.5) {
          super(params, { lr });
        }
        override step(): never {
          torch.no_grad(() => {
            for (const { params, lr } of this.param_groups) {
              for (const p of params) {
                p.sub_(p.grad!.mul(lr));
                this.state.set(p, { seen: torch.ones(1) });
              }
            }
          });
          return 11 as never;
        }
      }
      const p = parameter();
      p.grad = torch.ones(2);
      const optimizer = new Plain([p]);
      optimizer.register_step_post_hook(() => void log.push('post' as never));
      log.push(optimizer.step());
      return [log, p.detach(), String(optimizer), optimizer.state_dict() as never];
    },
  },
]);

it('refuses what is no hook, and what a hook must not return', () => {
  const optimizer = ready(new optim.SGD([parameter()], { lr: 0.5 }));
  expect(() => optimizer.register_step_pre_hook(3 as never)).toThrow(TypeError);
  optimizer.register_step_pre_hook(() => 5);
  expect(() => optimizer.step()).toThrow('SGD.step must return None or a tuple of (new_args, new_kwargs), but got 5.');
  expect(optimizer.param_groups[0]!.params[0]!.tolist()).toEqual([1, 1]);
});

it('lets a step be replaced on one optimizer, as schedulers do, and says where there is none', () => {
  const optimizer = ready(new optim.SGD([parameter()], { lr: 0.5 }));
  let calls = 0;
  const { step } = optimizer;
  optimizer.step = ((...args: [keywords: { closure: () => unknown }]) => {
    calls += 1;
    return step.apply(optimizer, args);
  }) as typeof step;
  optimizer.step();
  expect([calls, optimizer.param_groups[0]!.params[0]!.tolist()]).toEqual([1, [0.5, 0.5]]);
  const none = new optim.Optimizer([parameter()], { lr: 1 });
  expect(() => none.step()).toThrow(torch.NotImplementedError);
  const { step: detached } = new optim.SGD([parameter()]);
  expect(() => detached()).toThrow("'step' of a optimizer was called without its optimizer");
});
