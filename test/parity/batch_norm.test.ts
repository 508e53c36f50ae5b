// Ten steps of BatchNorm in every mode, with its buffers after each.
import * as torch from 'isotorch';
import { parity } from '../support/parity';
import { probe_batch_norm } from '../support/probes';

const { nn } = torch;
type Options = Omit<torch.nn.KeywordsOf<typeof nn.BatchNorm1d>, 'num_features'>;

/** Options in both languages. */
const options: [python: string, ours: Options][] = [
  ['', {}],
  ['eps=1e-3', { eps: 1e-3 }],
  ['momentum=0.01', { momentum: 0.01 }],
  ['momentum=0.8', { momentum: 0.8 }],
  ['momentum=0.0', { momentum: 0 }],
  ['momentum=None', { momentum: null }],
  ['affine=False', { affine: false }],
  ['track_running_stats=False', { track_running_stats: false }],
  ['affine=False, track_running_stats=False', { affine: false, track_running_stats: false }],
];

const shapes = [
  { python: 'BatchNorm1d', make: (o: Options) => new nn.BatchNorm1d(5, o), shape: [7, 5] },
  { python: 'BatchNorm1d', make: (o: Options) => new nn.BatchNorm1d(5, o), shape: [4, 5, 6] },
  { python: 'BatchNorm2d', make: (o: Options) => new nn.BatchNorm2d(5, o), shape: [4, 5, 3, 6] },
] as const;

const cases = shapes.flatMap(({ python, make, shape }) =>
  options.flatMap(([text, given]) =>
    [true, false].map((train) => {
      const module = `nn.${python}(5${text === '' ? '' : `, ${text}`})`;
      const size = [...shape];
      return {
        name: `${module} of [${size}], ${train ? 'train' : 'eval'}`,
        python: `return probe_batch_norm(${module}, [${size}], train=${train ? 'True' : 'False'})`,
        ours: () => probe_batch_norm(make(given), size, { train }),
      };
    }),
  ),
);

parity('BatchNorm over ten steps', [
  ...cases,
  {
    python: 'return probe_batch_norm(nn.BatchNorm2d(3), [4, 3, 5, 5], dtype=torch.float64)',
    ours: () => probe_batch_norm(new nn.BatchNorm2d(3), [4, 3, 5, 5], { dtype: torch.float64 }),
  },
  {
    // Many channels and a large batch take the vectorised and the threaded kernels.
    python: 'return probe_batch_norm(nn.BatchNorm2d(64), [16, 64, 16, 16])',
    ours: () => probe_batch_norm(new nn.BatchNorm2d(64), [16, 64, 16, 16]),
  },
  {
    name: 'train, eval, train again, reset_running_stats',
    python: `
      m = nn.BatchNorm1d(3)
      out = {}
      for step, mode in enumerate([True, False, True, True]):
          m.train(mode)
          out[step] = m(torch.randn(6, 3))
          if step == 2:
              out["state"] = {k: v.clone() for k, v in m.state_dict().items()}
              m.reset_running_stats()
      return {**out, "last": dict(m.state_dict())}
    `,
    ours: () => {
      const m = new nn.BatchNorm1d(3);
      const out: Record<string, unknown> = {};
      for (const [step, mode] of [true, false, true, true].entries()) {
        m.train(mode);
        out[step] = m(torch.randn([6, 3]));
        if (step === 2) {
          out.state = Object.fromEntries(Object.entries(m.state_dict()).map(([k, v]) => [k, v.clone()]));
          m.reset_running_stats();
        }
      }
      return { ...out, last: Object.fromEntries(Object.entries(m.state_dict())) } as never;
    },
  },
  {
    // Document 4's own numbers: features 1, 2, 5, 6 normalised together and in two halves (spec section 5).
    name: 'document 4: joint and split statistics of 1, 2, 5, 6',
    python: `
      x = torch.tensor([[1.], [2.], [5.], [6.]])
      joint, split, fake_first = (nn.BatchNorm1d(1, affine=False) for _ in range(3))
      return {
          "joint": joint(x), "real": split(x[:2]), "fake": split(x[2:]),
          "other order": [fake_first(x[2:]), fake_first(x[:2])],
          "buffers": [dict(m.state_dict()) for m in (joint, split, fake_first)],
      }
    `,
    ours: () => {
      const x = torch.tensor([[1], [2], [5], [6]]);
      const [joint, split, fake_first] = [0, 1, 2].map(() => new nn.BatchNorm1d(1, { affine: false })) as [
        InstanceType<typeof nn.BatchNorm1d>,
        InstanceType<typeof nn.BatchNorm1d>,
        InstanceType<typeof nn.BatchNorm1d>,
      ];
      return {
        joint: joint(x),
        real: split(x.narrow(0, 0, 2)),
        fake: split(x.narrow(0, 2, 2)),
        'other order': [fake_first(x.narrow(0, 2, 2)), fake_first(x.narrow(0, 0, 2))],
        buffers: [joint, split, fake_first].map((m) => Object.fromEntries(Object.entries(m.state_dict()))),
      } as never;
    },
  },
]);
