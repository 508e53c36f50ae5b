// The verdict and the table, from made-up numbers.
import {
  findingOf,
  type ModeResult,
  modeResult,
  type SplitJointMetrics,
  summaryTable,
} from 'isotorch/recipes/split_joint';
import { describe, expect, it } from 'vitest';

const means = { loss_discriminator: 0.5, loss_generator: 1.2, accuracy_real: 0.8, accuracy_fake: 0.9, fooled: 0.1 };
const figures = { score: 6, confidence: 0.9, classes_seen: 10, frechet: 50 };
const untrained = { score: 1, confidence: 0.4, classes_seen: 1, frechet: 1000 };
const lines: SplitJointMetrics[] = [
  { step: 50, epoch: 0, seconds: 3, ...means, fooled: 0.9 },
  { step: 100, epoch: 1, seconds: 7, wait_share: 0.001, ...means },
];

const good = modeResult('split', lines, untrained, figures);
const bad: ModeResult = {
  ...modeResult('joint', lines, untrained, { ...figures, frechet: 900, classes_seen: 1 }),
  accuracy_fake: 0.99,
  fooled: 0.97,
};

describe('a mode learned', () => {
  it.each([
    [99, 8, true],
    [100, 10, false],
    [50, 7, false],
  ])('at distance %d of 1000 with %i digits: %s', (frechet, classes_seen, learned) => {
    expect(modeResult('split', lines, untrained, { ...figures, frechet, classes_seen }).learned).toBe(learned);
  });

  it('is not asked of an unfinished run', () => {
    expect(() => modeResult('split', [], untrained, figures)).toThrow('not those of a finished run');
  });

  it('keeps the numbers of the last line', () => {
    expect(good).toEqual({
      mode: 'split',
      steps: 100,
      seconds: 7,
      ...means,
      score: 6,
      confidence: 0.9,
      classes_seen: 10,
      frechet: 50,
      frechet_untrained: 1000,
      learned: true,
    });
  });
});

describe('the verdict', () => {
  const joint = (result: ModeResult): ModeResult => ({ ...result, mode: 'joint' });
  const split = (result: ModeResult): ModeResult => ({ ...result, mode: 'split' });

  it('shows: split learns, joint does not', () => {
    const { verdict, sentences } = findingOf([good, bad]);
    expect(verdict).toBe('shows');
    expect(sentences[0]).toBe(
      "split learned digits: its samples are 5 % as far from real digits as the untrained generator's, and 10 of the 10 digits occur.",
    );
    expect(sentences[1]).toMatch(
      /^joint did not learn digits: its samples are 90 % as far .* 1 of the 10 digits occur/,
    );
    expect(sentences[2]).toBe('The claim shows in this run: split learns where joint fails.');
    expect(sentences[3]).toMatch(/catches 99 % of the fakes .* takes 97 % of them for real/);
  });

  it('does not show: both learn', () => {
    const { verdict, sentences } = findingOf([good, joint({ ...good, frechet: 40 })]);
    expect(verdict).toBe('does not show');
    expect(sentences.at(-1)).toBe('The claim does not show in this run: both learn, and joint comes closer.');
  });

  it('does not show: it is the other way round', () => {
    const { verdict, sentences } = findingOf([split(bad), joint(good)]);
    expect(verdict).toBe('does not show');
    expect(sentences.at(-1)).toMatch('it is joint that learns');
  });

  it('is undecided when neither learns', () => {
    expect(findingOf([split(bad), joint({ ...bad, fooled: 0 })])).toMatchObject({
      verdict: 'undecided',
      sentences: [expect.anything(), expect.anything(), expect.stringMatching('neither mode has learned')],
    });
  });

  it('is undecided for one mode alone', () => {
    expect(findingOf([bad]).verdict).toBe('undecided');
    expect(findingOf([bad]).sentences.at(-1)).toMatch('this run has one');
  });
});

it('the table has a column for each mode and for the real digits', () => {
  const real = { score: 9.4, confidence: 0.98, classes_seen: 10, frechet: 0 };
  const lines = summaryTable([good, bad], real).split('\n');
  expect(lines[0]!.trim().split(/\s{2,}/)).toEqual(['split', 'joint', 'real digits']);
  const row = (label: string) =>
    lines
      .find((line) => line.startsWith(label))!
      .slice(26)
      .trim()
      .split(/\s{2,}/);
  expect(row('digit score')).toEqual(['6.00', '6.00', '9.40']);
  expect(row('D right on fakes')).toEqual(['90.0 %', '99.0 %']);
  expect(row('distance to real digits')).toEqual(['50.0', '900.0', '0.0']);
  expect(new Set(lines.slice(1).map((line) => line.length)).size).toBe(1);
});
