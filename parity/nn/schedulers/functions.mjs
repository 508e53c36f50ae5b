// Functions that schedulers are given; python/schedulers.py has the same.
import { math, pow } from 'isotorch/python';

export const FUNCTIONS = {
  decay: (epoch) => pow(0.95, epoch),
  wave: (epoch) => 1.1 + math.sin(epoch),
  constant: () => 0.95,
  shrink: (epoch) => 1 / (1 + epoch / 1000),
  half: (x) => 1 / (1 + x),
};

/** Metrics that fall, with steps on which they do not. */
export const METRICS = Array.from({ length: 300 }, (_, i) => 3 / (1 + (i >> 4)) + ((i * 37) % 11) / 500);
