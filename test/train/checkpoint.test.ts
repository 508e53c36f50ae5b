// Checkpoints: what they bring back, and what happens to damaged ones.
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as torch from 'isotorch';
import { loadCheckpoint, type StepRecipe, RunFailure, RunningMeans, saveCheckpoint } from 'isotorch/train';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'checkpoint-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('a checkpoint', () => {
  const recipe = (): StepRecipe<never> => {
    const layer = new torch.nn.Linear(2, 1);
    return { modules: { layer }, optimizers: { adam: new torch.optim.Adam(layer.parameters()) }, step: () => ({}) };
  };

  it('that is not there gives null and changes nothing', () => {
    expect(loadCheckpoint(join(folder, 'none'), recipe(), new RunningMeans())).toBeNull();
  });

  it('of other networks is refused', () => {
    const path = join(folder, 'c.safetensors');
    saveCheckpoint(path, recipe(), new RunningMeans(), { step: 1, epoch: 0, order: null });
    const layer = new torch.nn.Linear(3, 1);
    const other: StepRecipe<never> = { modules: { layer }, optimizers: {}, step: () => ({}) };
    expect(() => loadCheckpoint(path, other, new RunningMeans())).toThrow(/size mismatch for weight/);
  });

  it('brings back the random stream, before any step too', () => {
    const path = join(folder, 'c.safetensors');
    torch.manual_seed(8);
    saveCheckpoint(path, recipe(), new RunningMeans(), { step: 0, epoch: 0, order: null });
    const state = torch.get_rng_state();
    torch.manual_seed(9);
    expect(loadCheckpoint(path, recipe(), new RunningMeans())).toEqual({ step: 0, epoch: 0, order: null });
    expect(torch.equal(torch.get_rng_state(), state)).toBe(true);
  });

  it('brings back the statistics in their order', () => {
    const path = join(folder, 'c.safetensors');
    const means = new RunningMeans();
    means.add({ z: torch.tensor(1), a: torch.tensor(2), m: torch.tensor(3) });
    saveCheckpoint(path, recipe(), means, { step: 1, epoch: 0, order: null });
    const restored = new RunningMeans();
    loadCheckpoint(path, recipe(), restored);
    expect(JSON.stringify(restored.take())).toBe('{"z":1,"a":2,"m":3}');
  });

  it('goes on under another numeric envelope, and says so once', () => {
    const path = join(folder, 'c.safetensors');
    const threads = torch.get_num_threads();
    torch.set_num_threads(1);
    saveCheckpoint(path, recipe(), new RunningMeans(), { step: 3, epoch: 0, order: null });
    const said: string[] = [];
    const load = () => loadCheckpoint(path, recipe(), new RunningMeans(), (sentence) => said.push(sentence));
    load();
    expect(said).toEqual([]);
    torch.set_num_threads(2);
    expect(load()).toMatchObject({ step: 3 });
    load();
    torch.set_num_threads(threads);
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(
      /^Note: .*c\.safetensors was made under 1 thread; this is 2 threads: bits cannot be equal; run .*\. The run goes on all the same\.$/,
    );
  });

  it('of an older version, without an envelope, says nothing of it', () => {
    const path = join(folder, 'c.safetensors');
    saveCheckpoint(path, recipe(), new RunningMeans(), { step: 3, epoch: 0, order: null });
    const { tensors, metadata } = torch.io.readSafetensors(path);
    const { envelope: _, ...old } = JSON.parse(metadata.checkpoint!) as Record<string, unknown>;
    const text = JSON.stringify(old);
    const sha256 = createHash('sha256').update(torch.io.digest(tensors)).update(text).digest('hex');
    torch.io.save_file(tensors, path, { checkpoint: text, sha256 });
    const said: string[] = [];
    const position = loadCheckpoint(path, recipe(), new RunningMeans(), (sentence) => said.push(sentence));
    expect([position?.step, said]).toEqual([3, []]);
  });
});

describe('a damaged checkpoint', () => {
  const layer = new torch.nn.Linear(64, 64);
  const recipe: StepRecipe<never> = {
    modules: { layer },
    optimizers: { adam: new torch.optim.Adam(layer.parameters()) },
    step: () => ({}),
  };
  const save = (step: number) => {
    torch.no_grad(() => layer.weight.fill_(step));
    saveCheckpoint(join(folder, 'c.safetensors'), recipe, new RunningMeans(), { step, epoch: 0, order: null });
  };
  const load = (say: (sentence: string) => void = () => {}) =>
    loadCheckpoint(join(folder, 'c.safetensors'), recipe, new RunningMeans(), say)?.step;

  const flip = (bytes: Buffer, at: number): Buffer => {
    bytes[at]! ^= 1;
    return bytes;
  };
  const damages: [string, (path: string) => void, RegExp][] = [
    ['one flipped bit of a weight', (path) => writeFileSync(path, flip(readFileSync(path), 8_000)), /checksum/],
    [
      'one flipped bit at its end',
      (path) => writeFileSync(path, flip(readFileSync(path), readFileSync(path).length - 1)),
      /checksum/,
    ],
    [
      'another step in its text',
      (path) => writeFileSync(path, readFileSync(path, 'latin1').replace('"step\\":2', '"step\\":3'), 'latin1'),
      /checksum/,
    ],
    ['a half', (path) => truncateSync(path, 9_000), /truncated/],
    ['nothing', (path) => truncateSync(path, 0), /truncated: 0 bytes/],
    ['another file', (path) => torch.io.save_file({}, path), /it is not a checkpoint/],
    [
      'no checksum',
      (path) => {
        const { tensors, metadata } = torch.io.readSafetensors(path);
        torch.io.save_file(tensors, path, { checkpoint: metadata.checkpoint! });
      },
      /checksum/,
    ],
    [
      'no generator state',
      (path) => {
        const { tensors, metadata } = torch.io.readSafetensors(path);
        delete tensors['generators/cpu'];
        torch.io.save_file(tensors, path, metadata);
      },
      /checksum/,
    ],
  ];
  it.each(damages)('%s: the one before is taken, and stays until the next is written', (_, damage, reason) => {
    const path = join(folder, 'c.safetensors');
    save(1);
    save(2);
    damage(path);
    layer.weight.data.fill_(9);
    const said: string[] = [];
    expect(load((sentence) => said.push(sentence))).toBe(1);
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(reason);
    expect(said[0]).toContain(`${path} is damaged: `);
    expect(said[0]).toContain(`Going on from the checkpoint before it, ${join(folder, 'c.previous.safetensors')}.`);
    expect(layer.weight.max().item()).toBe(1);
    expect(readdirSync(folder).sort()).toEqual(['c.damaged.safetensors', 'c.previous.safetensors']);
    save(3);
    expect(load()).toBe(3);
    expect(readdirSync(folder).sort()).toEqual(['c.damaged.safetensors', 'c.previous.safetensors', 'c.safetensors']);
  });

  it.each(damages)(
    '%s, and none before it: an error with the file and the remedy, and nothing is changed',
    (_, damage) => {
      const path = join(folder, 'c.safetensors');
      save(2);
      damage(path);
      layer.weight.data.fill_(9);
      const message = new RegExp(
        `^${path} is damaged: .* There is no other checkpoint.*or delete ${path} to train from the start`,
      );
      expect(() => load()).toThrow(RunFailure);
      expect(() => load()).toThrow(message);
      expect(layer.weight.min().item()).toBe(9);
      expect(existsSync(path)).toBe(true);
    },
  );

  it('that is missing beside the one before it', () => {
    save(1);
    save(2);
    rmSync(join(folder, 'c.safetensors'));
    const said: string[] = [];
    expect(load((sentence) => said.push(sentence))).toBe(1);
    expect(said[0]).toMatch(/c\.safetensors is missing\. Going on/);
  });
});
