import { describe, expect, it, vi } from 'vitest';
import { parseDemoCommand } from '../../dist/cli/options.js';

/** The message with which a command line is refused. */
function refusal(...args: string[]): string {
  try {
    parseDemoCommand(args);
  } catch (error) {
    expect((error as Error).name).toBe('UserError');
    return (error as Error).message;
  }
  throw new Error(`accepted: ${args.join(' ')}`);
}

describe('refuses, naming the option', () => {
  const cases: [args: string[], message: RegExp][] = [
    [['--frobnicate'], /unknown option '--frobnicate'/],
    [['--step', '3'], /unknown option '--step'.*--steps/s],
    [['-x'], /unknown option '-x'/],
    [['split'], /too many arguments/],
    [
      ['--mode', 'both-of-them'],
      /'--mode <mode>' argument 'both-of-them' is invalid. Allowed choices are split, joint, both/,
    ],
    [['--mode'], /'--mode <mode>' argument missing/],
    [['--epochs', '0'], /'--epochs <n>' argument '0' is invalid. It takes a whole number from 1 on/],
    [['--epochs', '1.5'], /'--epochs <n>' argument '1.5' is invalid/],
    [['--steps', 'many'], /'--steps <n>' argument 'many' is invalid/],
    [['--steps', '1e3'], /'--steps <n>' argument '1e3' is invalid/],
    [['--steps', '99999999999999999999'], /'--steps <n>' argument '99999999999999999999' is invalid/],
    [['--steps', ''], /'--steps <n>' argument '' is invalid/],
    [['--epochs', '1', '--steps', '5'], /'--epochs <n>' cannot be used with option '--steps <n>'/],
    [['--batch-size', '1'], /'--batch-size <n>' argument '1' is invalid. It takes a whole number from 2 to 60000/],
    [['--batch-size', '60001'], /'--batch-size <n>' argument '60001' is invalid/],
    [['--seed', '-1'], /'--seed <n>' argument '-1' is invalid/],
    [['--threads', '0'], /'--threads <n>' argument '0' is invalid/],
    [['--device', 'the best'], /'--device <device>' argument 'the best' is invalid/],
    [['--resume', 'x', '--seed', '1'], /'--seed' cannot be used with '--resume'/],
    [['--resume', 'x', '--mode', 'both'], /'--mode' cannot be used with '--resume'/],
  ];
  it.each(cases)('%j', (args, message) => {
    expect(refusal(...args)).toMatch(message);
  });

  it('and says where the options are listed', () => {
    expect(refusal('--frobnicate')).toMatch(/See --help for all options\.$/);
  });
});

describe('accepts', () => {
  const defaults = {
    mode: 'both',
    epochs: 3,
    steps: undefined,
    batch_size: 64,
    seed: 0,
    threads: 1,
    device: 'cpu',
    out: 'runs',
  };

  it('nothing', () => {
    expect(parseDemoCommand([])).toEqual({ run: defaults });
  });

  it('everything', () => {
    const args = '--mode joint --steps 7 --batch-size 32 --seed 5 --threads 2 --device cuda:1 --out elsewhere';
    expect(parseDemoCommand(args.split(' '))).toEqual({
      run: {
        mode: 'joint',
        epochs: undefined,
        steps: 7,
        batch_size: 32,
        seed: 5,
        threads: 2,
        device: 'cuda:1',
        out: 'elsewhere',
      },
    });
    expect(parseDemoCommand(['--epochs', '2'])).toEqual({ run: { ...defaults, epochs: 2 } });
  });

  it('--resume by itself', () => {
    expect(parseDemoCommand(['--resume', 'runs/00003-split'])).toEqual({ resume: 'runs/00003-split' });
  });

  it('--help, which lists every option', () => {
    const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    try {
      expect(parseDemoCommand(['--help'])).toBeUndefined();
      const text = write.mock.calls.join('');
      for (const option of ['mode', 'epochs', 'steps', 'batch-size', 'seed', 'threads', 'device', 'out', 'resume']) {
        expect(text).toContain(`--${option} `);
      }
    } finally {
      write.mockRestore();
    }
  });
});
