import { describe, expect, it } from 'vitest';
import { type ScheduleOptions, training_schedule } from '../../../lib/recipes/stylegan/training_schedule';

// The published training of 1024×1024 on eight GPUs.
const eight: ScheduleOptions = {
  lod_initial_resolution: 8,
  minibatch_base: 32,
  minibatch_dict: { 4: 512, 8: 256, 16: 128, 32: 64, 64: 32 },
  G_lrate_dict: { 128: 0.0015, 256: 0.002, 512: 0.003, 1024: 0.003 },
  D_lrate_dict: { 128: 0.0015, 256: 0.002, 512: 0.003, 1024: 0.003 },
};
const row = (kimg: number, options = eight, gpus = 8) => {
  const s = training_schedule(kimg * 1000, 10, gpus, options);
  expect(s.D_lrate).toBe(s.G_lrate);
  expect(s.kimg).toBe(kimg);
  return [s.lod, s.resolution, s.minibatch, s.G_lrate, s.tick_kimg];
};

describe('training_schedule', () => {
  // Numbers of the original function, executed.
  it.each([
    [0, 7, 8, 256, 0.001, 140],
    [600, 7, 8, 256, 0.001, 140],
    [900, 6.5, 16, 128, 0.001, 120],
    [1200, 6, 16, 128, 0.001, 120],
    [2100, 5.5, 32, 64, 0.001, 100],
    [3600, 4, 64, 32, 0.001, 80],
    [6000, 2, 256, 32, 0.002, 40],
    [7200, 1, 512, 32, 0.003, 30],
    [8400, 0, 1024, 32, 0.003, 20],
    [25000, 0, 1024, 32, 0.003, 20],
  ])('%i kimg', (kimg, ...expected) => {
    expect(row(kimg)).toEqual(expected);
  });

  it('the image before and after a boundary', () => {
    expect(row(599.999)).toEqual([7, 8, 256, 0.001, 140]);
    // The first image past the boundary belongs to the next resolution, hardly faded in.
    const [lod, ...rest] = row(600.001);
    expect(lod).toBeCloseTo(7 - 0.001 / 600, 9);
    expect(rest).toEqual([16, 128, 0.001, 120]);
    const [before, ...sizes] = row(7199.999);
    expect(before).toBeCloseTo(1 + 0.001 / 600, 9);
    expect(sizes).toEqual([512, 32, 0.003, 30]);
    expect(row(7199)[0]).toBeCloseTo(1 + 1 / 600, 12);
  });

  it("the function's own defaults: from 4×4, batches of 16", () => {
    expect(row(0, {}, 1)).toEqual([8, 4, 16, 0.001, 160]);
    expect(row(600, {}, 1)).toEqual([8, 4, 16, 0.001, 160]);
    expect(row(9600, {}, 1)).toEqual([0, 1024, 16, 0.001, 20]);
  });

  it('batches are whole for each GPU, and at most as large as each takes', () => {
    expect(row(0, eight, 3)[2]).toBe(255);
    expect(row(3600, eight, 3)[2]).toBe(30);
    expect(row(0, { ...eight, max_minibatch_per_gpu: { 8: 16 } }, 3)[2]).toBe(48);
  });

  it('learning rates rise over the ramp', () => {
    expect(row(0, { ...eight, lrate_rampup_kimg: 1000 })[3]).toBe(0);
    expect(row(500, { ...eight, lrate_rampup_kimg: 1000 })[3]).toBe(0.0005);
    expect(row(7200, { ...eight, lrate_rampup_kimg: 1000 })[3]).toBe(0.003);
  });

  it('without transitions the resolution doubles at once', () => {
    expect(row(599, { ...eight, lod_transition_kimg: 0 })[0]).toBe(7);
    expect(row(600, { ...eight, lod_transition_kimg: 0 })[0]).toBe(6);
    expect(row(600, { ...eight, lod_training_kimg: 0, lod_transition_kimg: 0 })[0]).toBe(7);
  });
});
