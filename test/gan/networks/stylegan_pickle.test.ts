// Network pickles of StyleGAN's original, as Python writes them of classes with its names: their sizes, weights and images.
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as torch from 'isotorch';
import { load_stylegan } from 'isotorch/gan/networks';
import { recipes } from 'isotorch/recipes';
import { load, readPickle, UnpicklingError } from 'isotorch/serialization';
import { openTraining, readOptionTable, sessionOptions } from 'isotorch/train';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, live, skipReason } from '../../support/parity';

const folder = mkdtempSync(path.join(os.tmpdir(), 'stylegan-pickle-'));
const at = (name: string): string => path.join(folder, name);
afterAll(() => rmSync(folder, { recursive: true }));

/** Writes networks of the transcription as the original pickles its own: variables in TensorFlow's layout, parts inside of G. */
const WRITE = `
import pickle, sys, types
import numpy as np
sys.path.insert(0, ${JSON.stringify(path.resolve('test/reference'))})
import stylegan

class Network:
    def __init__(self, **state):
        self.state = state
    def __getstate__(self):
        return self.state
    def __setstate__(self, state):
        raise RuntimeError("nobody reads it in Python")

Network.__module__, Network.__qualname__ = "dnnlib.tflib.network", "Network"
for name in ("dnnlib", "dnnlib.tflib", "dnnlib.tflib.network"):
    sys.modules[name] = types.ModuleType(name)
sys.modules["dnnlib.tflib.network"].Network = Network

def variables(net):
    listed = []
    for key, value in net.state_dict().items():
        array = value.numpy()
        kernel = key.endswith(".weight") and "LabelConcat" not in key
        if kernel and array.ndim == 4:
            array = np.ascontiguousarray(array.transpose(2, 3, 1, 0))
        if kernel and array.ndim == 2:
            array = np.ascontiguousarray(array.T)
        # TensorFlow gives a scalar of NumPy for a variable without dimensions.
        listed.append((key.replace(".", "/"), array if array.ndim else np.float32(array)))
    return listed

def network(name, function, own, components={}, **static_kwargs):
    return Network(version=3, name=name, static_kwargs=static_kwargs, components=components,
                   build_module_src="raise SystemExit('run')", build_func_name=function, variables=own)

def generator(G, lod=0.0, **kwargs):
    parts = {part: network("G_" + part, "G_" + part, variables(getattr(G, part)), **kwargs) for part in ("synthesis", "mapping")}
    own = [("lod", np.float32(lod)), ("dlatent_avg", G.w_avg.numpy())]
    return network("G", "G_style", own, parts, **kwargs)

def dump(networks, name, protocol=4):
    with open(${JSON.stringify(`${folder}/`)} + name, "wb") as file:
        pickle.dump(networks, file, protocol=protocol)
`;

const MAKE = `${WRITE}
sizes = dict(num_channels=3, resolution=128, fmap_base=256, fmap_max=8, label_size=3)
styles = dict(latent_size=16, mapping_fmaps=16)
torch.manual_seed(3)
G = stylegan.StyleGANGenerator(w_size=12, **styles, **sizes)
Gs = stylegan.StyleGANGenerator(w_size=12, truncation_psi=0.5, truncation_cutoff=3, **styles, **sizes)
D = stylegan.StyleGANDiscriminator(mbstd_group_size=2, **sizes)
for net in (G, Gs):
    stylegan.wake_noise(net)
    net.w_avg.normal_()
# The last level is half faded in; the synthesis network of the file does not know yet.
kwargs = dict(dlatent_size=12, structure="auto", blur_filter=[1, 2, 1], **styles, **sizes)
written = (generator(G, **kwargs), network("D", "D_basic", variables(D), mbstd_group_size=np.int64(2), **sizes),
           generator(Gs, 0.5, truncation_psi=0.5, truncation_cutoff=3, **kwargs))
for protocol in (2, 4, 5):
    dump(written, f"snapshot-{protocol}.pkl", protocol)
stylegan.set_lod(Gs, 0.5)
z, labels = torch.randn(2, 16), torch.eye(3)[:2]
with torch.no_grad():
    seen = {"z": z, "labels": labels, "images": Gs.eval()(z, labels, "const"), "own": G.eval()(z, labels, "const")}
    seen["scores"] = D(seen["images"], labels)
torch.save({**seen, "w_avg": G.w_avg}, ${JSON.stringify(at('seen.pt'))})

small = dict(num_channels=1, resolution=8, fmap_base=32, fmap_max=8)
of_d = network("D", "D_basic", variables(stylegan.StyleGANDiscriminator(**small)), **small)
plain = generator(stylegan.StyleGANGenerator(latent_size=8, w_size=8, mapping_fmaps=8, **small), latent_size=8, dlatent_size=8, mapping_fmaps=8, **small)
dump((plain, of_d), "two.pkl")
dump((plain, of_d, plain), "small.pkl")
dump((plain, network("D", "D_paper", []), plain), "progan.pkl")
dump((plain, network("D", "D_basic", [], fmap_decay=0.5, **small), plain), "decay.pkl")
dump((plain, network("D", "D_basic", of_d.state["variables"][:-1], **small), plain), "short.pkl")

dump((plain, network("D", "D_basic", [7], **small), plain), "pairless.pkl")
dump((plain, network("D", "D_basic", of_d.state["variables"], **dict(small, fmap_max=-4)), plain), "negative.pkl")
class Evil:
    def __reduce__(self):
        return eval, ("__import__('os').system('touch ${folder}/run')",)
dump((plain, Evil(), plain), "evil.pkl")
dump({"points": [np.arange(6, dtype=np.int64).reshape(2, 3), np.float64(0.5)], "name": "a"}, "plain.pkl")
return {}`;

describe.skipIf(!live)(`network pickles${skipReason}`, () => {
  beforeAll(async () => {
    const answer = await ask({ code: MAKE });
    expect(answer.error).toBeUndefined();
    // Python's side has one thread.
    torch.set_num_threads(1);
  }, 60_000);

  it.each([2, 4, 5])('of protocol %i give the same images and scores', async (protocol) => {
    const seen = (await load(at('seen.pt'))) as Record<string, torch.Tensor>;
    const { G, D, Gs } = load_stylegan(at(`snapshot-${protocol}.pkl`));
    expect([G.training, D.training, Gs.training]).toEqual([true, true, false]);
    expect([Gs.truncation_psi, Gs.truncation_cutoff, Gs.synthesis.lod.item()]).toEqual([0.5, 3, 0.5]);
    expect([G.truncation_psi, G.truncation_cutoff, G.synthesis.lod.item()]).toEqual([0.7, 8, 0]);
    expect(torch.equal(G.w_avg, seen.w_avg!)).toBe(true);
    const { labels } = seen;
    torch.no_grad(() => {
      const images = Gs(seen.z!, { labels, noise_mode: 'const' });
      expect(torch.equal(images, seen.images!)).toBe(true);
      expect(torch.equal(G.eval()(seen.z!, { labels, noise_mode: 'const' }), seen.own!)).toBe(true);
      expect(torch.equal(D(images, { labels }), seen.scores!)).toBe(true);
    });
  });

  it.each([
    ['two.pkl', 'is no pickle of a StyleGAN: it does not hold the three networks G, D and Gs'],
    ['progan.pkl', "D was made by D_paper: networks of StyleGAN's D_basic are read"],
    ['decay.pkl', 'D has fmap_decay 0.5: only 1 is read'],
    ['short.pkl', /Missing key\(s\) in state_dict/],
    ['plain.pkl', 'is no pickle of a StyleGAN'],
    ['pairless.pkl', /pairless\.pkl: a variable of a network has no value/],
    ['negative.pkl', /negative\.pkl does not hold networks that can be made: /],
    ['absent.pkl', /absent\.pkl: ENOENT/],
  ])('%s is refused with the reason', (name, reason) => {
    expect(() => load_stylegan(at(name))).toThrow(reason);
  });

  it('are what a training of the recipe may begin with', async () => {
    const stylegan = await recipes.find(({ about }) => about.name === 'stylegan')!.load();
    const session = readOptionTable(sessionOptions, { device: 'cpu' });
    const open = (given: Record<string, unknown>) => {
      const widths = { latent_size: 8, w_size: 8, mapping_fmaps: 8, fmap_base: 32, fmap_max: 8 };
      const options = { image_size: 8, limit: 32, minibatch_dict: { 8: 4 }, total_kimg: 0.016, ...widths, ...given };
      return openTraining({ recipe: stylegan, options: readOptionTable(stylegan.options, options), session });
    };
    const resume_run_id = at('small.pkl');
    const { objects } = (await open({ resume_run_id })).training;
    const read = load_stylegan(resume_run_id);
    for (const name of ['G', 'D', 'Gs'] as const) {
      const state = read[name].state_dict() as Record<string, torch.Tensor>;
      for (const [key, value] of Object.entries((objects[name] as torch.nn.Module).state_dict())) {
        expect(torch.equal(value as torch.Tensor, state[key]!), key).toBe(true);
      }
    }
    await expect(open({ resume_run_id, fmap_max: 4 })).rejects.toThrow('small.pkl does not fit: ');
    await expect(open({ resume_run_id: at('progan.pkl') })).rejects.toThrow('progan.pkl does not fit: D was made by');
  });

  it('are not run', () => {
    expect(() => load_stylegan(at('evil.pkl'))).toThrow(UnpicklingError);
    expect(() => load_stylegan(at('evil.pkl'))).toThrow('builtins.eval');
    expect(() => load(at('run'))).toThrow('ENOENT');
  });

  it('of anything plain are values', () => {
    const { points, name } = readPickle(at('plain.pkl')) as { points: [torch.Tensor, number]; name: string };
    expect([points[0].tolist(), points[0].dtype, points[1], name]).toEqual([
      [
        [0, 1, 2],
        [3, 4, 5],
      ],
      torch.int64,
      0.5,
      'a',
    ]);
    expect(() => readPickle(at('two.pkl'))).toThrow('Unsupported global: GLOBAL dnnlib.tflib.network.Network');
    expect(() => readPickle(new Uint8Array([0x80, 4, 0x5d]))).toThrow('cut short');
  });
});
