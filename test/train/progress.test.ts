/** Rates and times of a run's progress, by a clock of the test's own. */
import { Rates, shownSeconds } from 'isotorch/train';
import { expect, it } from 'vitest';

it.each([
  [0, '0s'],
  [59.4, '59s'],
  [59.6, '1m 00s'],
  [3599, '59m 59s'],
  [3600, '1h 00m'],
  [90_061, '25h 01m'],
])('%d seconds are %s', (seconds, text) => expect(shownSeconds(seconds)).toBe(text));

it('rates are those of the last minute', () => {
  let [now, images] = [0, 0];
  const rates = new Rates(
    1000,
    100,
    () => images,
    () => now,
  );
  now = 10_000;
  images = 800;
  expect(rates.at(200)).toBe('10.0 steps/s  80.0 images/s  1m 20s left');
  for (let second = 11; second <= 110; second++) {
    now = second * 1000;
    images += 8;
    rates.at(190 + second);
  }
  expect(rates.at(300)).toBe('1.0 steps/s  8.0 images/s  11m 40s left');
});

it('a run that went back to a snapshot begins anew', () => {
  let now = 0;
  const rates = new Rates(1000, 100, undefined, () => now);
  now = 5000;
  expect(rates.at(200)).toBe('20.0 steps/s  40s left');
  expect(rates.at(50)).toBe('0.0 steps/s');
  now = 10_000;
  expect(rates.at(60)).toBe('2.0 steps/s  7m 50s left');
});
