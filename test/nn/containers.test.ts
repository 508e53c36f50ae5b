// Containers against Python: every method, what they print, and the words of errors.
import * as torch from 'isotorch';
import { describe, expect, it } from 'vitest';
import { agree } from '../support/expressions';

const { nn } = torch;
type Module = torch.nn.Module;

const setup = `
from collections import OrderedDict
def made():
  torch.manual_seed(0)
  return nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 2), nn.Tanh())
def listed():
  torch.manual_seed(0)
  return nn.ModuleList([nn.Linear(2, 3), nn.Linear(2, 3), nn.ReLU(), nn.Linear(2, 3)])
def named():
  torch.manual_seed(0)
  return nn.ModuleDict(OrderedDict(b=nn.Linear(2, 2), a=nn.ReLU(), c=nn.Sequential(nn.Tanh())))
def plist():
  return nn.ParameterList([torch.ones(2), nn.Parameter(torch.zeros(3, 1)), torch.arange(3.)])
def pdict():
  return nn.ParameterDict(OrderedDict(b=torch.ones(2), a=nn.Parameter(torch.zeros(3, 1)), z=5))
def after(value, act):
  act(value)
  return [str(value), list(value.state_dict())]
def assign(value, index, module):
  value[index] = module
def remove(value, index):
  del value[index]`;

const made = () => {
  torch.manual_seed(0);
  return new nn.Sequential(new nn.Linear(2, 3), new nn.ReLU(), new nn.Linear(3, 2), new nn.Tanh());
};
const listed = () => {
  torch.manual_seed(0);
  return new nn.ModuleList<Module>([new nn.Linear(2, 3), new nn.Linear(2, 3), new nn.ReLU(), new nn.Linear(2, 3)]);
};
const named = () => {
  torch.manual_seed(0);
  return new nn.ModuleDict<Module>({
    b: new nn.Linear(2, 2),
    a: new nn.ReLU(),
    c: new nn.Sequential(new nn.Tanh()),
  });
};
const plist = () =>
  new nn.ParameterList([torch.ones(2), new nn.Parameter(torch.zeros(3, 1)), torch.arange(3, { dtype: torch.float32 })]);
const pdict = () =>
  new nn.ParameterDict<torch.nn.Parameter | number>(
    new Map<string, torch.Tensor | number>([
      ['b', torch.ones(2)],
      ['a', new nn.Parameter(torch.zeros(3, 1))],
      ['z', 5],
    ]),
  );
function after<T extends Module>(value: T, act: (value: T) => unknown): [string, string[]] {
  act(value);
  return [String(value), Object.keys(value.state_dict())];
}
const x = () => torch.ones(1, 2);

agree('Sequential', setup, [
  ['made()(torch.ones(1, 2))', () => made()(x())],
  ['made()[1:3](torch.ones(1, 3))', () => made().get('1:3')(torch.ones(1, 3))],
  ['str(made()[::-1])', () => String(made().get('::-1'))],
  ['str(made()[-3:-1])', () => String(made().get(torch.slice(-3, -1)))],
  ['str(made()[-1])', () => String(made().get(-1))],
  ['made()[4]', () => String(made().get(4))],
  ['made()[::0]', () => String(made().get('::0'))],
  ['len(made())', () => made().__len__()],
  ['after(made(), lambda s: s.append(nn.Linear(2, 2)))', () => after(made(), (s) => s.append(new nn.Linear(2, 2)))],
  ['after(made(), lambda s: s.insert(1, nn.Sigmoid()))', () => after(made(), (s) => s.insert(1, new nn.Sigmoid()))],
  ['after(made(), lambda s: s.insert(-1, nn.Sigmoid()))', () => after(made(), (s) => s.insert(-1, new nn.Sigmoid()))],
  ['after(made(), lambda s: s.insert(9, nn.Sigmoid()))', () => after(made(), (s) => s.insert(9, new nn.Sigmoid()))],
  ['after(made(), lambda s: s.insert(0, 3))', () => after(made(), (s) => s.insert(0, 3 as never))],
  ['after(made(), lambda s: s.pop(0))', () => after(made(), (s) => s.pop(0))],
  ['after(made(), lambda s: s.pop(slice(1, 3)))', () => after(made(), (s) => s.pop('1:3'))],
  ['after(made(), lambda s: s.pop(7))', () => after(made(), (s) => s.pop(7))],
  ['after(made(), lambda s: remove(s, slice(None, None, 2)))', () => after(made(), (s) => s.__delitem__('::2'))],
  ['after(made(), lambda s: assign(s, -4, nn.ReLU()))', () => after(made(), (s) => s.set(-4, new nn.ReLU()))],
  ['after(made(), lambda s: assign(s, 0, 3))', () => after(made(), (s) => s.set(0, 3 as never))],
  ['after(made(), lambda s: s.extend(made()))', () => after(made(), (s) => s.extend(made()))],
  ['after(made(), lambda s: s.__iadd__(made()))', () => after(made(), (s) => s.__iadd__(made()))],
  ['after(made(), lambda s: s.__imul__(2))', () => after(made(), (s) => s.__imul__(2))],
  [
    '[str(made() + made()), str(made() * 2), str(2 * made())]',
    () => [String(made().__add__(made())), String(made().__mul__(2)), String(made().__rmul__(2))],
  ],
  ['made() + 3', () => String(made().__add__(3 as never))],
  ['made() * "a"', () => String(made().__mul__('a' as never))],
  ['made() * 0', () => String(made().__mul__(0))],
  ['made().__imul__(-1)', () => String(made().__imul__(-1))],
]);

agree('ModuleList', setup, [
  ['str(listed())', () => String(listed())],
  ['listed().state_dict()', () => listed().state_dict()],
  ['str(listed()[1:])', () => String(listed().get('1:'))],
  ['after(listed(), lambda s: s.append(nn.ReLU()))', () => after(listed(), (s) => s.append(new nn.ReLU()))],
  ['after(listed(), lambda s: s.insert(1, nn.ReLU()))', () => after(listed(), (s) => s.insert(1, new nn.ReLU()))],
  ['after(listed(), lambda s: s.pop(2))', () => after(listed(), (s) => s.pop(2))],
  ['after(listed(), lambda s: remove(s, -1))', () => after(listed(), (s) => s.__delitem__(-1))],
  ['after(listed(), lambda s: remove(s, slice(0, 2)))', () => after(listed(), (s) => s.__delitem__('0:2'))],
  ['after(listed(), lambda s: assign(s, 2, nn.Tanh()))', () => after(listed(), (s) => s.set(2, new nn.Tanh()))],
  ['after(listed(), lambda s: s.extend(3))', () => after(listed(), (s) => s.extend(3 as never))],
  ['str(listed() + made())', () => String(listed().__add__([...made()]))],
  ['str(nn.ModuleList())', () => String(new nn.ModuleList())],
  ['listed()[4]', () => String(listed().get(4))],
  [
    'str(nn.ModuleList([nn.ModuleList([made(), made()])]))',
    () => {
      return String(new nn.ModuleList([new nn.ModuleList([made(), made()])]));
    },
  ],
]);

agree('ModuleDict', setup, [
  ['str(named())', () => String(named())],
  ['named().state_dict()', () => named().state_dict()],
  [
    '[list(named()), list(named().keys()), len(named()), "a" in named(), "x" in named()]',
    () => [[...named()], named().keys(), named().length, named().__contains__('a'), named().__contains__('x')],
  ],
  [
    '[[n, str(m)] for n, m in named().items()]',
    () =>
      named()
        .items()
        .map(([n, m]) => [n, String(m)]),
  ],
  ['[str(m) for m in named().values()]', () => named().values().map(String)],
  ['str(named()["c"])', () => String(named().get('c'))],
  ['named()["x"]', () => String(named().get('x'))],
  ['after(named(), lambda d: assign(d, "a", nn.Tanh()))', () => after(named(), (d) => d.set('a', new nn.Tanh()))],
  ['after(named(), lambda d: assign(d, "new", nn.Tanh()))', () => after(named(), (d) => d.set('new', new nn.Tanh()))],
  ['after(named(), lambda d: assign(d, "keys", nn.Tanh()))', () => after(named(), (d) => d.set('keys', new nn.Tanh()))],
  ['after(named(), lambda d: assign(d, "a.b", nn.Tanh()))', () => after(named(), (d) => d.set('a.b', new nn.Tanh()))],
  ['after(named(), lambda d: assign(d, "a", 3))', () => after(named(), (d) => d.set('a', 3 as never))],
  ['after(named(), lambda d: d.pop("b"))', () => after(named(), (d) => d.pop('b'))],
  ['named().pop("x")', () => String(named().pop('x'))],
  ['after(named(), lambda d: remove(d, "a"))', () => after(named(), (d) => d.__delitem__('a'))],
  ['after(named(), lambda d: d.clear())', () => after(named(), (d) => d.clear())],
  [
    'after(named(), lambda d: d.update({"a": nn.Tanh(), "e": nn.ReLU()}))',
    () => after(named(), (d) => d.update({ a: new nn.Tanh(), e: new nn.ReLU() })),
  ],
  [
    'after(named(), lambda d: d.update([["a", nn.Tanh()], ("e", nn.ReLU())]))',
    () =>
      after(named(), (d) =>
        d.update([
          ['a', new nn.Tanh()],
          ['e', new nn.ReLU()],
        ]),
      ),
  ],
  [
    'after(named(), lambda d: d.update(nn.ModuleDict({"q": nn.ReLU()})))',
    () => after(named(), (d) => d.update(new nn.ModuleDict({ q: new nn.ReLU() }))),
  ],
  ['named().update(3)', () => named().update(3 as never) as never],
  ['named().update([3])', () => named().update([3] as never) as never],
  ['named().update([["a", nn.ReLU(), 3]])', () => String(named().update([['a', new nn.ReLU(), 3]] as never))],
]);

agree('ParameterList', setup, [
  ['str(plist())', () => String(plist())],
  ['plist().state_dict()', () => plist().state_dict()],
  ['[len(plist()), list(plist()[1:]), plist()[-1]]', () => [plist().length, [...plist().get('1:')], plist().get(-1)]],
  ['after(plist(), lambda l: l.append(torch.ones(1)))', () => after(plist(), (l) => l.append(torch.ones(1)))],
  ['after(plist(), lambda l: l.append("text"))', () => after(plist(), (l) => l.append('text' as never))],
  [
    'after(plist(), lambda l: l.extend([torch.ones(1), 3]))',
    () => after(plist(), (l) => l.extend([torch.ones(1), 3 as never])),
  ],
  [
    'after(plist(), lambda l: assign(l, 0, torch.ones(4, dtype=torch.float64)))',
    () => after(plist(), (l) => l.set(0, torch.ones(4, { dtype: torch.float64 }))),
  ],
  ['plist().extend(torch.ones(2))', () => String(plist().extend(torch.ones(2) as never))],
  ['plist().extend(3)', () => String(plist().extend(3 as never))],
  ['plist()[3]', () => plist().get(3)],
  ['plist()(torch.ones(1))', () => (plist() as unknown as (x: torch.Tensor) => torch.Tensor)(torch.ones(1))],
  ['str(nn.ParameterList())', () => String(new nn.ParameterList())],
  ['str(nn.ParameterList([torch.ones(2)]))', () => String(new nn.ParameterList([torch.ones(2)]))],
  [
    '[n for n, p in plist().named_parameters()]',
    () =>
      plist()
        .named_parameters()
        .map(([n]) => n),
  ],
]);

agree('ParameterDict', setup, [
  ['str(pdict())', () => String(pdict())],
  ['pdict().state_dict()', () => pdict().state_dict()],
  [
    '[list(pdict()), list(reversed(pdict())), len(pdict()), "a" in pdict(), "x" in pdict()]',
    () => [[...pdict()], pdict().__reversed__(), pdict().length, pdict().__contains__('a'), pdict().__contains__('x')],
  ],
  [
    '[pdict()["b"], pdict().get("z"), pdict().get("x"), pdict().get("x", 7)]',
    () => [pdict().get('b'), pdict().get('z'), pdict().get('x'), pdict().get('x', 7)],
  ],
  ['pdict()["x"]', () => pdict().__getitem__('x')],
  ['pdict()[3]', () => pdict().__getitem__(3 as never)],
  ['assign(pdict(), 3, torch.ones(1))', () => pdict().set(3 as never, torch.ones(1)) as never],
  ['remove(pdict(), "x")', () => pdict().__delitem__('x') as never],
  ['[pdict().pop("b"), list(pdict().popitem())]', () => [pdict().pop('b'), pdict().popitem()]],
  ['nn.ParameterDict().popitem()', () => new nn.ParameterDict().popitem() as never],
  ['after(pdict(), lambda d: d.popitem())', () => after(pdict(), (d) => d.popitem())],
  [
    'after(pdict(), lambda d: d.setdefault("q", torch.ones(1)))',
    () => after(pdict(), (d) => d.setdefault('q', torch.ones(1))),
  ],
  [
    'after(pdict(), lambda d: d.setdefault("b", torch.ones(1)))',
    () => after(pdict(), (d) => d.setdefault('b', torch.ones(1))),
  ],
  ['after(pdict(), lambda d: d.clear())', () => after(pdict(), (d) => d.clear())],
  [
    'after(pdict(), lambda d: d.update({"y": torch.ones(1), "c": torch.ones(2)}))',
    () => after(pdict(), (d) => d.update({ y: torch.ones(1), c: torch.ones(2) })),
  ],
  [
    'after(pdict(), lambda d: d.update(OrderedDict(y=torch.ones(1), c=torch.ones(2))))',
    () =>
      after(pdict(), (d) =>
        d.update(
          new Map([
            ['y', torch.ones(1)],
            ['c', torch.ones(2)],
          ]),
        ),
      ),
  ],
  [
    'after(pdict(), lambda d: d.update([("y", torch.ones(1))]))',
    () => after(pdict(), (d) => d.update([['y', torch.ones(1)]])),
  ],
  ['pdict().update(3)', () => String(pdict().update(3 as never))],
  ['pdict().update([3])', () => String(pdict().update([3] as never))],
  ['pdict().update([(1, 2, 3)])', () => String(pdict().update([[1, 2, 3]] as never))],
  [
    'str(pdict() | nn.ParameterDict({"q": torch.ones(1)}))',
    () => String(pdict().__or__(new nn.ParameterDict({ q: torch.ones(1) }) as never)),
  ],
  ['str(pdict().copy())', () => String(pdict().copy())],
  ['str(pdict().fromkeys(["k", "l"], torch.ones(1)))', () => String(pdict().fromkeys(['k', 'l'], torch.ones(1)))],
  ['pdict()(3)', () => (pdict() as unknown as (x: number) => torch.Tensor)(3)],
]);

describe('containers', () => {
  it('are left as they were by what fails', () => {
    const net = new nn.Sequential({ up: new nn.ReLU(), act: new nn.Tanh() });
    expect(() => net.insert(0, new nn.ReLU())).toThrow(torch.KeyError);
    expect(String(net)).toBe('Sequential(\n  (up): ReLU()\n  (act): Tanh()\n)');
  });

  it('read positions as properties', () => {
    expect(plist()[1]!.shape).toEqual([3, 1]);
    expect(String(listed()[2])).toBe('ReLU()');
  });

  it('are copied with what they hold', () => {
    const copy = torch.copy.deepcopy(pdict());
    expect(String(copy)).toBe(String(pdict()));
    expect(copy.length).toBe(3);
    expect(torch.copy.deepcopy(plist()).length).toBe(3);
  });

  it('have Python’s names', () => {
    expect(torch.typename(pdict())).toBe('torch.nn.modules.container.ParameterDict');
    expect(torch.typename(nn.ModuleDict)).toBe('torch.nn.modules.container.ModuleDict');
  });
});
