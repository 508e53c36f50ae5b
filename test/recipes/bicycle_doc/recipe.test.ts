// Document 2: its step's options, its monitoring, validation and early stopping. Values are compared with Python in parity/gan.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as torch from 'isotorch';
import { openTraining, readMetrics, readOptionTable, runSession, sessionOptions } from 'isotorch/train';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { about } from '../../../lib/recipes/bicycle_doc/options';
import { DocumentLosses } from '../../../lib/recipes/bicycle_doc/losses';
import { bytesOf, recipeOf, steps, trainingOf } from '../paired/train';
import { pairsIn } from '../tiny_options';

const bicycle_doc = await recipeOf('bicycle-doc');
const tiny = { image_size: 16, batch_size: 4, width: 4, channels: 1, nz: 2 };

describe('losses', () => {
  const losses = (given: Record<string, unknown> = {}) => new DocumentLosses(readOptionTable(about.options, given));
  const said = torch.tensor([0.2, 0.9]);

  it('cross-entropy of probabilities is clamped at 100, that of logits is not', () => {
    expect(
      losses()
        .adversarial(torch.tensor([0]), true)
        .item(),
    ).toBe(100);
    expect(
      losses({ adversarial_loss: 'bce_logits' })
        .adversarial(torch.tensor([-200]), true)
        .item(),
    ).toBe(200);
  });

  it('G is fooling: −log D, or saturating: log(1 − D)', () => {
    expect(losses().fooling(said).item()).toBeCloseTo(-(Math.log(0.2) + Math.log(0.9)) / 2, 6);
    expect(losses({ generator_loss: 'saturating' }).fooling(said).item()).toBeCloseTo(
      (Math.log(0.8) + Math.log(0.1)) / 2,
      6,
    );
  });

  it('codes: a norm, not squared, or a mean', () => {
    const [predicted, z] = [
      torch.zeros(2, 2),
      torch.tensor([
        [3, 4],
        [0, 2],
      ]),
    ];
    expect(losses().latent(predicted, z).item()).toBeCloseTo(3.5, 6);
    expect(losses({ latent_loss: 'l1' }).latent(predicted, z).item()).toBeCloseTo(9 / 4, 6);
    expect(losses({ latent_loss: 'mse' }).latent(predicted, z).item()).toBeCloseTo(29 / 4, 6);
  });
});

describe('a step', () => {
  it('goes through a second pass, and leaves F as it was drawn', async () => {
    const training = await trainingOf(bicycle_doc, tiny);
    const before = Object.entries((training.objects.F as torch.nn.Module).state_dict())
      .filter(([name]) => /weight|bias/.test(name))
      .map(([, value]) => (value as torch.Tensor).clone());
    await steps(training, 3);
    const after = Object.entries((training.objects.F as torch.nn.Module).state_dict())
      .filter(([name]) => /weight|bias/.test(name))
      .map(([, value]) => value as torch.Tensor);
    expect(after.every((value, i) => torch.equal(value, before[i]!))).toBe(true);
  });

  it('trains F where that is asked for', async () => {
    const [still, moved] = [
      await trainingOf(bicycle_doc, tiny),
      await trainingOf(bicycle_doc, { ...tiny, train_F: 'with_G' }),
    ];
    await steps(still, 1);
    await steps(moved, 1);
    expect(bytesOf(moved.objects.F)).not.toBe(bytesOf(still.objects.F));
  });

  it('measures every so many steps; pure measurements are as none, literal ones are not', async () => {
    const run = async (given: Record<string, unknown>) => {
      const training = await trainingOf(bicycle_doc, { ...tiny, ...given });
      const rows = await steps(training, 4);
      return { rows, D: bytesOf(training.objects.D) };
    };
    const [none, pure, literal] = [
      await run({ monitor_every: 0 }),
      await run({ monitor_every: 2 }),
      await run({ monitor_every: 2, accuracy: 'literal' }),
    ];
    expect(pure.D).toBe(none.D);
    expect(literal.D).not.toBe(none.D);
    const measures = ['D_real_acc', 'D_fake_acc', 'Cyc_error', 'Cyc_jumps', 'Latent_mse', 'loss_ratio'];
    expect(pure.rows.map((row) => measures.filter((name) => name in row))).toEqual([measures, [], measures, []]);
    expect(none.rows.flatMap((row) => measures.filter((name) => name in row))).toEqual([]);
  });
});

describe('images', () => {
  it('differ with the mode of BatchNorm, and move nothing', async () => {
    const training = await trainingOf(bicycle_doc, tiny);
    await steps(training, 2);
    const before = bytesOf(training.objects.G);
    const latents = training.samples!.latents!(8, new torch.Generator().manual_seed(1));
    const drawn = (['eval', 'train', 'standing'] as const).map((batchnorm) =>
      training.samples!.images!(latents, { batchnorm }),
    );
    expect(torch.equal(drawn[0]!, training.samples!.images!(latents, {}))).toBe(true);
    expect(torch.equal(drawn[0]!, drawn[1]!)).toBe(false);
    expect(torch.equal(drawn[0]!, drawn[2]!)).toBe(false);
    expect(bytesOf(training.objects.G)).toBe(before);
    expect((training.objects.G as torch.nn.Module).modules().every((part) => part.training)).toBe(true);
  });
});

describe('validation', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'isotorch-bicycle-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('comes every so many passes, is logged, and ends the training when it gets no better', async () => {
    const given = {
      data: pairsIn(folder),
      ...tiny,
      val: 'train',
      val_limit: 6,
      validate_every: 2,
      patience: 4,
      min_delta: 100,
    };
    const opened = await openTraining({
      recipe: bicycle_doc,
      options: readOptionTable(bicycle_doc.options, given),
      session: readOptionTable(sessionOptions, { log_every: 1000, sample_every: 0, snapshot_every: 0 }),
    });
    const run = path.join(folder, 'run');
    const silent = { step() {}, tick() {}, end() {} };
    const ended = await runSession(opened, {
      folder: run,
      interrupt: { requested: false },
      say: () => {},
      progress: () => silent,
    });
    // 12 pairs are 3 steps a pass: validations after 2, 4 and 6 passes, of which the first counts as better.
    expect(ended).toMatchObject({ step: 18, why: 'over' });
    expect(ended.reason).toContain('no better validation for 4 epochs');
    const lines = readMetrics(path.join(run, 'metrics.jsonl'));
    expect(lines.map(({ step }) => step)).toEqual([6, 12, 18]);
    for (const line of lines) {
      expect(line).toMatchObject({ val_Cyc_error: expect.any(Number), val_frechet: expect.any(Number) });
    }
  });
});
