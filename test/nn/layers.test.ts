/** Linear, convolutions, activations, Flatten, Dropout, Embedding, containers. */
import * as torch from 'isotorch';
import { describe, expect, it } from 'vitest';
import { expectValues, values, warningsOf } from './values';

const { nn } = torch;
const F = nn.functional;

function withWeight<T extends { weight: torch.Tensor }>(layer: T, weight: torch.Tensor): T {
  torch.no_grad(() => layer.weight.copy_(weight.view_as(layer.weight)));
  return layer;
}

describe('misuse', () => {
  it('refuses unknown, repeated and surplus arguments', () => {
    expect(() => new nn.Conv2d(3, 4, 3, { strid: 2 } as never)).toThrow(
      "Conv2d.__init__() got an unexpected keyword argument 'strid'",
    );
    expect(() => new nn.Conv2d(3, 4, 3, 2, { stride: 2 } as never)).toThrow(
      "Conv2d.__init__() got multiple values for argument 'stride'",
    );
    expect(() => new nn.LeakyReLU(...([0.2, true, 3] as unknown as [number]))).toThrow(
      'LeakyReLU.__init__() takes from 1 to 3 positional arguments but 4 were given',
    );
  });

  it('refuses impossible convolutions', () => {
    const cases: [() => unknown, string][] = [
      [() => new nn.Conv2d(3, 4, 3, { groups: 0 }), 'groups must be a positive integer'],
      [() => new nn.Conv2d(3, 4, 3, { groups: 2 }), 'in_channels must be divisible by groups'],
      [() => new nn.Conv2d(4, 3, 3, { groups: 2 }), 'out_channels must be divisible by groups'],
      [
        () => new nn.Conv2d(3, 4, 3, { padding: 'some' as never }),
        "Invalid padding string 'some', should be one of {'same', 'valid'}",
      ],
      [
        () => new nn.Conv2d(3, 4, 3, { padding: 'same', stride: 2 }),
        "padding='same' is not supported for strided convolutions",
      ],
      [() => new nn.Conv2d(3, 4, 3, { padding_mode: 'mirror' as never }), "but got padding_mode='mirror'"],
      [
        () => new nn.ConvTranspose2d(3, 4, 3, { padding_mode: 'reflect' }),
        'Only "zeros" padding mode is supported for ConvTranspose2d',
      ],
    ];
    for (const [make, message] of cases) {
      expect(make).toThrow(torch.ValueError);
      expect(make).toThrow(message);
    }
    const layer = new nn.ConvTranspose2d(1, 1, 3, { stride: 2 });
    expect(() => layer(torch.ones(1, 1, 3, 3), [100, 100])).toThrow(
      'requested an output size of [100, 100], but valid sizes range from [7, 7] to [8, 8] (for an input of torch.Size([3, 3]))',
    );
    expect(() => layer(torch.ones(1, 1, 3, 3), [1, 1, 1])).toThrow(
      'ConvTranspose2D: for 4D input, output_size must have 2 or 4 elements (got 3)',
    );
  });

  it('refuses probabilities outside [0, 1]', () => {
    expect(() => new nn.Dropout(2)).toThrow('dropout probability has to be between 0 and 1, but got 2');
    expect(() => new nn.Dropout(-0.5)).toThrow(torch.ValueError);
    expect(() => F.dropout(torch.ones(1), Number.NaN)).toThrow('but got nan');
  });

  it('refuses sizes and rows that are none', () => {
    expect(() => new nn.Unflatten(1, 3 as never)).toThrow(
      'unflattened_size must be a tuple of ints, but found type int',
    );
    expect(() => new nn.Unflatten(1, [2, 0.5])).toThrow('at pos 1');
    expect(() => new nn.Embedding(3, 2, { padding_idx: 3 })).toThrow('Padding_idx must be within num_embeddings');
    expect(() => new nn.Embedding(3, 2, { padding_idx: -4 })).toThrow(torch.AssertionError);
    expect(() => new nn.Embedding(3, 2, { _weight: torch.ones(2, 2) })).toThrow(
      'Shape of weight does not match num_embeddings and embedding_dim',
    );
    expect(() => nn.Embedding.from_pretrained(torch.ones(2))).toThrow(
      'Embeddings parameter is expected to be 2-dimensional',
    );
    expect(() => new nn.Embedding(3, 2)(torch.tensor([3n]))).toThrow(RangeError);
    expect(() => new nn.Sequential(new nn.ReLU()).get(1)).toThrow(RangeError);
    expect(() => new nn.ModuleList(3 as never)).toThrow(
      'ModuleList.extend should be called with an iterable, but got int',
    );
    expect(() => new nn.Linear(2, 2)(torch.ones(1, 3))).toThrow(torch.TorchError);
  });
});

describe('convolutions', () => {
  const kernel = torch.tensor([1, 2, 3, 4]);
  const image = torch.arange(9).to(torch.float32).view([1, 1, 3, 3]);

  it('computes what Python computes for each kind of padding', async () => {
    const none = withWeight(new nn.Conv2d(1, 1, 2, { bias: false }), kernel);
    expect(values(none(image))).toEqual([27, 37, 57, 67]);
    const same = withWeight(new nn.Conv2d(1, 1, 2, { bias: false, padding: 'same' }), kernel);
    await warningsOf(() => {
      expect(values(same(image))).toEqual([27, 37, 17, 57, 67, 29, 20, 23, 8]);
    });
    const options = { bias: false, padding: 1, padding_mode: 'reflect' } as const;
    const reflected = withWeight(new nn.Conv2d(1, 1, 3, options), torch.arange(9).to(torch.float32));
    expect(values(reflected(image))).toEqual([96, 114, 120, 186, 204, 210, 168, 186, 192]);
  });

  it('transposes, and chooses among the sizes that a stride allows', () => {
    const layer = withWeight(new nn.ConvTranspose2d(1, 1, 2, { stride: 2, bias: false }), kernel);
    const small = torch.arange(4).to(torch.float32).view([1, 1, 2, 2]);
    const expected = [0, 0, 1, 2, 0, 0, 3, 4, 2, 4, 3, 6, 6, 8, 9, 12];
    expect(values(layer(small))).toEqual(expected);
    const input = torch.ones(1, 1, 3, 3);
    expect(layer(input, [7, 6]).shape).toEqual([1, 1, 7, 6]);
    expect(layer(input, { output_size: [1, 1, 6, 7] }).shape).toEqual([1, 1, 6, 7]);
    expect(layer(torch.ones(1, 3, 3), [7, 7]).shape).toEqual([1, 7, 7]);
  });

  it('takes positions as Python does', () => {
    const layer = new nn.Conv2d(3, 4, [3, 5], 2, [1, 2], { bias: false });
    expect([layer.stride, layer.padding, layer.weight.shape]).toEqual([
      [2, 2],
      [1, 2],
      [4, 3, 3, 5],
    ]);
    expect(layer.bias).toBe(null);
    const transposed = new nn.ConvTranspose2d(4, 6, 3, 2, 1, 1, { groups: 2 });
    expect([transposed.output_padding, transposed.weight.shape]).toEqual([
      [1, 1],
      [4, 3, 3, 3],
    ]);
  });
});

describe('activations', () => {
  it('overwrite their input only when asked', () => {
    const x = torch.tensor([-1, 2]);
    expect(values(new nn.ReLU()(x))).toEqual([0, 2]);
    expect(values(x)).toEqual([-1, 2]);
    expect(values(F.leaky_relu(x, 0.5))).toEqual([-0.5, 2]);
    expect(values(F.leaky_relu(x, { negative_slope: 0.25 }))).toEqual([-0.25, 2]);
    new nn.LeakyReLU(0.5, { inplace: true })(x);
    expect(values(x)).toEqual([-0.5, 2]);
    F.relu(x, { inplace: true });
    expect(values(x)).toEqual([0, 2]);
    expectValues(new nn.Sigmoid()(torch.tensor([0, 1])), [0.5, 0.7310585975646973]);
    expectValues(new nn.Tanh()(torch.tensor([0, 1])), [0, 0.7615941762924194]);
  });

  it('softmax warns when the dimension is left to it', async () => {
    const x = torch.zeros(1, 2);
    expect(await warningsOf(() => expectValues(F.softmax(x), [0.5, 0.5]))).toEqual([
      'Implicit dimension choice for softmax has been deprecated. Change the call to include dim=X as an argument.',
    ]);
    expectValues(F.log_softmax(x, 1), [-0.6931471824645996, -0.6931471824645996]);
    expect(F.softmax(x, { dim: 1, dtype: torch.float64 }).dtype).toBe(torch.float64);
  });
});

describe('dropout', () => {
  it('scales what it keeps in training and does nothing in evaluation', () => {
    torch.manual_seed(0n);
    const layer = new nn.Dropout(0.5);
    const kept = values(layer(torch.ones(1000)));
    expect(new Set(kept)).toEqual(new Set([0, 2]));
    const share = kept.filter((x) => x === 2).length / 1000;
    expect(Math.abs(share - 0.5)).toBeLessThan(0.06);
    const x = torch.ones(3);
    expect(values(layer.eval()(x))).toEqual([1, 1, 1]);
    F.dropout(x, { p: 1, inplace: true });
    expect(values(x)).toEqual([0, 0, 0]);
  });
});

describe('embedding', () => {
  it('looks rows up, keeps the padding row and shortens long ones in place', () => {
    const rows = torch.tensor([
      [3, 4],
      [0.3, 0.4],
      [5, 5],
    ]);
    const layer = nn.Embedding.from_pretrained(rows, { freeze: false, padding_idx: 2, max_norm: 1 });
    const out = layer(torch.tensor([[0n, 1n, 2n]]));
    expect(out.shape).toEqual([1, 3, 2]);
    expectValues(out.select(1, 0), [0.6, 0.8]);
    expectValues(rows.select(0, 0), [0.6, 0.8]);
    out.sum().backward();
    expect(values(layer.weight.grad!)).toEqual([1, 1, 1, 1, 0, 0]);
    expect(nn.Embedding.from_pretrained(rows).weight.requires_grad).toBe(false);
  });

  it('makes sparse gradients when asked', () => {
    const layer = new nn.Embedding(3, 2, { sparse: true });
    layer
      .forward(torch.tensor([1n]))
      .sum()
      .backward();
    expect(layer.weight.grad!.layout).toBe(torch.sparse_coo);
    expect(values(layer.weight.grad!.to_dense())).toEqual([0, 0, 1, 1, 0, 0]);
  });
});

describe('containers', () => {
  it('chain, index, append and name their modules', () => {
    const net = new nn.Sequential({ up: new nn.Linear(1, 2), act: new nn.ReLU() });
    net.append(new nn.Linear(2, 1));
    expect(net.named_children().map(([name]) => name)).toEqual(['up', 'act', '2']);
    expect(net(torch.ones(1, 1)).shape).toEqual([1, 1]);
    net.set(-1, new nn.Linear(2, 3));
    expect(net.get_parameter('2.weight').shape).toEqual([3, 2]);
    expect(() => net.add_module('2.x', new nn.ReLU())).toThrow(torch.KeyError);
    expect(() => net.add_module('append', new nn.ReLU())).toThrow("attribute 'append' already exists");
    const plain = new nn.Sequential(new nn.ReLU(), new nn.Tanh()).extend([new nn.Sigmoid()]);
    expect(plain).toHaveLength(3);
    expect(plain.get(-1)).toBeInstanceOf(nn.Sigmoid);
    expectValues(plain(torch.tensor([-1])), [0.5]);
    const list = new nn.ModuleList<torch.nn.Module>([new nn.ReLU()]).append(new nn.Tanh());
    list.insert(0, new nn.Sigmoid());
    expect([...list].map((module) => module.constructor.name)).toEqual(['Sigmoid', 'ReLU', 'Tanh']);
    expect(list.named_children().map(([name]) => name)).toEqual(['0', '1', '2']);
    expect(list.pop(-3)).toBeInstanceOf(nn.Sigmoid);
    expect(String(list)).toBe('ModuleList(\n  (0): ReLU()\n  (1): Tanh()\n)');
    // s = nn.Sequential(OrderedDict(up=nn.ReLU(), act=nn.Tanh(), end=nn.Sigmoid())); s.pop(-2); s
    const named = new nn.Sequential({ up: new nn.ReLU(), act: new nn.Tanh(), end: new nn.Sigmoid() });
    expect(() => named.insert(0, new nn.ReLU())).toThrow(new torch.KeyError('2'));
    expect(named.pop({ key: -2 })).toBeInstanceOf(nn.Tanh);
    expect(String(named)).toBe('Sequential(\n  (0): ReLU()\n  (1): Sigmoid()\n)');
    named.insert(-1, new nn.Tanh());
    expect(String(named)).toBe('Sequential(\n  (0): ReLU()\n  (1): Tanh()\n  (2): Sigmoid()\n)');
  });
});
