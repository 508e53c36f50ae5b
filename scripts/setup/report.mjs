const NAME_WIDTH = 14;
const TEXT_WIDTH = 62;

/** Prints one line a step: its name, what it does, how long it took. */
export class Report {
  /** @param {(text: string) => void} write */
  constructor(write) {
    this.write = write;
    /** @type {string[]} */
    this.warnings = [];
  }

  /**
   * @template T
   * @param {string} name
   * @param {(say: (text: string) => void) => T | Promise<T>} work says what it does, as soon as it knows
   * @returns {Promise<T>}
   */
  async step(name, work) {
    const started = performance.now();
    let said = '';
    const say = (/** @type {string} */ text) => {
      if (said) return;
      said = text;
      this.write(name.padEnd(NAME_WIDTH) + text.padEnd(TEXT_WIDTH));
    };
    try {
      const result = await work(say);
      say('done');
      this.write(`${((performance.now() - started) / 1000).toFixed(1).padStart(7)} s\n`);
      for (const warning of this.warnings.splice(0)) this.write(`${''.padEnd(NAME_WIDTH)}warning: ${warning}\n`);
      return result;
    } catch (error) {
      say('');
      this.write(' failed\n');
      throw error;
    }
  }

  /** @param {string} text */
  warn(text) {
    this.warnings.push(text);
  }
}

/**
 * The text for a failed set-up: cause, fix, and the end of what the failing command printed.
 * @param {import('./problem.mjs').SetupProblem} problem
 */
export function failureText(problem) {
  const lines = [`\nSet-up stopped.`, `  cause: ${problem.message}`, `  fix:   ${problem.fix}`];
  if (problem.output) {
    lines.push(`  output (all of it is in build/setup.log):`);
    lines.push(...interesting(problem.output).map((line) => `    ${line}`));
  }
  return `${lines.join('\n')}\n`;
}

/**
 * The first error with a little around it where a compiler names one, else the last lines.
 * @param {string} output
 */
function interesting(output) {
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  const first = lines.findIndex((line) => /\berror\b[: ]/i.test(line) && !/^npm warn/i.test(line));
  return first >= 0 ? lines.slice(first, first + 15) : lines.slice(-15);
}
