// What the parts found, a line of JSON each in one file that only grows: what was found stays, whatever dies later.
import { appendFileSync, existsSync, readFileSync } from 'node:fs';

/** @typedef {{ part: string, kind: string, time: string } & Record<string, any>} Finding */

/** @param {string} file @returns {Finding[]} a line cut short by a killed process is left out */
export function readFindings(file) {
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line) => {
      try {
        return line === '' ? [] : [JSON.parse(line)];
      } catch {
        return [];
      }
    });
}

/**
 * The findings of a part that hold: those of its last run and, where that run went on with an earlier one, of that one too.
 * @param {Finding[]} findings @param {string} part
 */
export function latest(findings, part) {
  const own = findings.filter((finding) => finding.part === part);
  const first = own.findLastIndex(({ kind, resumes }) => kind === 'start' && !resumes);
  return first < 0 ? [] : own.slice(first);
}

/** Whether a part ran to its end; undefined where it never ran. @param {Finding[]} own of the part */
export const isComplete = (own) =>
  own.length === 0 ? undefined : own.findLast(({ kind }) => kind === 'start' || kind === 'end')?.complete === true;

/** Writes findings, and keeps what was read before. */
export class Findings {
  /** @param {string} file */
  constructor(file) {
    this.file = file;
    this.all = readFindings(file);
  }

  /** @param {string} part @param {string} kind @param {Record<string, any>} rest */
  note(part, kind, rest = {}) {
    const finding = { part, kind, time: new Date().toISOString(), ...rest };
    // A process killed amid a line leaves one without its end.
    appendFileSync(this.file, `\n${JSON.stringify(finding)}`);
    this.all.push(finding);
    return finding;
  }
}
