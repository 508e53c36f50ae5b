// Network pickles of StyleGAN2-ADA's PyTorch edition, as Python writes them of modules that keep their class's source code.
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as torch from 'isotorch';
import { load_stylegan2_ada } from 'isotorch/gan/networks';
import { load, readPickle, UnpicklingError } from 'isotorch/serialization';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, live, skipReason } from '../../support/parity';

const folder = mkdtempSync(path.join(os.tmpdir(), 'stylegan2-ada-pickle-'));
const at = (name: string): string => path.join(folder, name);
afterAll(() => rmSync(folder, { recursive: true }));

/** Modules of the transcription, pickled as the original pickles its own: attributes, parts, and source code in a dict. */
const MAKE = `
import collections, copy, pickle, sys, types
import numpy as np
sys.path.insert(0, ${JSON.stringify(path.resolve('test/reference'))})
import stylegan2_ada as s

def _reconstruct_persistent_obj(meta):
    raise RuntimeError("nobody reads it in Python")

class EasyDict(dict):
    pass

def place(value, module):
    for i in range(module.count(".") + 1):
        sys.modules.setdefault(module.rsplit(".", i)[0], types.ModuleType(module.rsplit(".", i)[0]))
    setattr(sys.modules[module], value.__name__, value)
    value.__module__, value.__qualname__ = module, value.__name__

place(_reconstruct_persistent_obj, "torch_utils.persistence")
place(EasyDict, "dnnlib.util")

class Persistent:
    def __init__(self, class_name, state):
        self.class_name, self.kept = class_name, state
    def __reduce__(self):
        meta = dict(type="class", version=6, module_src="raise SystemExit('run')", class_name=self.class_name, state=self.kept)
        return _reconstruct_persistent_obj, (meta,)

# The attributes of the original that its modules are read by.
ATTRIBUTES = {
    s.FullyConnected: lambda m: dict(activation=m.act, bias_gain=m.lr_multiplier, weight_gain=np.float64(m.gain)),
    s.Conv2dLayer: lambda m: dict(activation=m.act, conv_clamp=m.clamp),
    s.SynthesisLayer: lambda m: dict(activation="lrelu", conv_clamp=m.clamp, use_noise=True),
    s.SynthesisBlock: lambda m: dict(architecture="skip"),
    s.DiscriminatorBlock: lambda m: dict(architecture="resnet"),
    s.Mapping: lambda m: dict(num_layers=m.mapping_layers, w_avg_beta=None if m.num_ws is None else m.w_avg_beta),
    s.DiscriminatorEpilogue: lambda m: dict(architecture="resnet", cmap_dim=m.cmap_dim),
}

def persistent(m, **attributes):
    state = dict(training=False, _parameters=collections.OrderedDict(m._parameters), _buffers=collections.OrderedDict(m._buffers),
                 _non_persistent_buffers_set=set(), _backward_hooks=collections.OrderedDict())
    state["_modules"] = collections.OrderedDict((name, persistent(part)) for name, part in m._modules.items())
    if isinstance(m, s.DiscriminatorEpilogue):
        empty = dict(_parameters={}, _buffers={}, _modules={}, group_size=m.group_size, num_channels=m.std_channels)
        state["_modules"]["mbstd"] = Persistent("MinibatchStdLayer", empty) if m.std_channels > 0 else None
    state.update(ATTRIBUTES.get(type(m), lambda m: {})(m))
    state.update(attributes, _init_args=(), _init_kwargs=EasyDict(synthesis_kwargs=EasyDict(channel_base=256)))
    return Persistent(type(m).__name__, state)

def written(c_dim, **of_d):
    torch.manual_seed(3)
    G, D = s.networks_of(c_dim, clamp=0.5, **of_d)
    s.wake_noise(G)
    G_ema = copy.deepcopy(G)
    with torch.no_grad():
        for p in G_ema.parameters():
            p.mul_(1.25)
    G_ema.mapping.w_avg.normal_()
    common = dict(c_dim=c_dim, img_resolution=16, img_channels=3)
    of_g = dict(common, z_dim=16, w_dim=12)
    nets = dict(training_set_kwargs=EasyDict(path="faces.zip"), G=persistent(G, **of_g), D=persistent(D, **common),
                G_ema=persistent(G_ema, **of_g), augment_pipe=None)
    z, c = torch.randn(4, 16), s.labels_of(4, c_dim)
    with torch.no_grad():
        images = G_ema.eval()(z, c, 0.5, noise_mode="const")
        seen = dict(z=z, c=c, images=images, own=G.eval()(z, c, noise_mode="const"), logits=D(images, c))
    return nets, seen

def dump(value, name, protocol=4):
    with open(${JSON.stringify(`${folder}/`)} + name, "wb") as file:
        pickle.dump(value, file, protocol=protocol)

for name, c_dim, of_d in (("plain", 0, {}), ("labels", 3, dict(cmap_dim=10, group_size=None, std_channels=2)), ("none", 0, dict(std_channels=0))):
    nets, seen = written(c_dim, **of_d)
    dump(nets, name + ".pkl", 3 if name == "plain" else 4)
    torch.save(seen, ${JSON.stringify(`${folder}/`)} + name + ".pt")

dump(dict(G=nets["G"], D=nets["D"]), "two.pkl")
orig = copy.copy(nets["D"].kept)
orig["_modules"] = dict(orig["_modules"], b16=Persistent("DiscriminatorBlock", dict(orig["_modules"]["b16"].kept, architecture="orig")))
dump(dict(nets, D=Persistent("Discriminator", orig)), "orig.pkl")
def changed(of, **attributes):
    return Persistent(of.class_name, dict(of.kept, **attributes))

def with_part(of, name, part):
    return changed(of, _modules=dict(of.kept["_modules"], **{name: part}))

G, twice = nets["G"], Persistent("Twice", dict(_modules={}))
mapping = G.kept["_modules"]["mapping"]
weightless = changed(mapping.kept["_modules"]["fc0"], _parameters={})
for name, of_g in (
    ("twice.pkl", with_part(with_part(G, "a", twice), "b", twice)),
    ("weightless.pkl", with_part(G, "mapping", with_part(mapping, "fc0", weightless))),
    ("half.pkl", changed(G, z_dim=2.5)),
):
    dump(dict(nets, G=of_g), name)

class Evil:
    def __reduce__(self):
        return eval, ("__import__('os').system('touch ${folder}/run')",)
dump(dict(nets, augment_pipe=Evil()), "evil.pkl")
dump([torch.arange(4.0).view(2, 2).t(), torch.nn.Parameter(torch.ones(1))], "tensors.pkl")
return {}`;

type Seen = Record<'z' | 'images' | 'own' | 'logits', torch.Tensor> & { c: torch.Tensor | null };

describe.skipIf(!live)(`network pickles${skipReason}`, () => {
  beforeAll(async () => {
    const answer = await ask({ code: MAKE });
    expect(answer.error).toBeUndefined();
    // Python's side has one thread.
    torch.set_num_threads(1);
  }, 60_000);

  it.each(['plain', 'labels', 'none'])('%s give the same images and logits', async (name) => {
    const { z, c, images, own, logits } = (await load(at(`${name}.pt`))) as Seen;
    const { G, D, G_ema } = load_stylegan2_ada(at(`${name}.pkl`));
    expect([G.training, D.training, G_ema.training]).toEqual([true, true, false]);
    torch.no_grad(() => {
      const drawn = G_ema(z, c, { truncation_psi: 0.5, noise_mode: 'const' });
      expect(torch.equal(drawn, images)).toBe(true);
      expect(torch.equal(G.eval()(z, c, { noise_mode: 'const' }), own)).toBe(true);
      expect(torch.equal(D(drawn, c), logits)).toBe(true);
    });
  });

  it.each([
    ['two.pkl', 'is no pickle of StyleGAN2-ADA: it does not hold the networks G, D and G_ema'],
    ['orig.pkl', 'the pickled DiscriminatorBlock has architecture orig: only resnet is read'],
    ['tensors.pkl', 'is no pickle of StyleGAN2-ADA'],
    ['twice.pkl', 'the pickled Twice is a part in two places'],
    ['weightless.pkl', 'the pickled network has no weight of mapping.fc0'],
    ['half.pkl', /half\.pkl does not hold networks that can be made: /],
  ])('%s is refused with the reason', (name, reason) => {
    expect(() => load_stylegan2_ada(at(name))).toThrow(reason);
    expect(() => load_stylegan2_ada(at(name))).toThrow(torch.ValueError);
  });

  it('are not run', () => {
    expect(() => load_stylegan2_ada(at('evil.pkl'))).toThrow(UnpicklingError);
    expect(() => load(at('run'))).toThrow('ENOENT');
  });

  it('may hold tensors, and dicts of classes that take items', () => {
    const [matrix, weight] = readPickle(at('tensors.pkl')) as [torch.Tensor, torch.Tensor];
    expect([matrix.tolist(), matrix.stride(), weight.requires_grad]).toEqual([
      [
        [0, 2],
        [1, 3],
      ],
      [1, 2],
      true,
    ]);
    const persistence = 'torch_utils.persistence._reconstruct_persistent_obj';
    const noItems = [
      [(meta: object) => meta, persistence],
      [() => ({}), 'dnnlib.util.EasyDict'],
    ] as const;
    expect(() => readPickle(at('plain.pkl'), noItems)).toThrow(
      'sets an item of a dnnlib.util.EasyDict: what stands for it needs a method __setitem__',
    );
  });
});
