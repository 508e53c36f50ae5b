// Child processes of the parts: they may die in any way, and how they did is a finding.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { root } from '../reference/index.mjs';

const TAIL = 3000;

/**
 * How a child ended. `stderr` is its last words.
 * @typedef {{ code: number | null, signal: string | null, stderr: string, killed: boolean }} Ended
 */

/** The part of a process's last words that says what was wrong. @param {string} stderr */
export function lastWords(stderr) {
  const lines = stderr.trim().split('\n');
  // Node puts the stack behind the message.
  const error = lines.findLastIndex((line) => /^(\w+\.)*\w*(Error|Exception)\b/.test(line));
  return (error < 0 ? lines.slice(-4) : lines.slice(error, error + 2)).join('\n');
}

/** In words, for a report. @param {Ended} ended */
export function howItEnded({ code, signal, killed, stderr }) {
  const how = killed ? 'was stopped' : signal === null ? `ended with code ${code}` : `died of ${signal}`;
  const last = lastWords(stderr);
  return last === '' ? how : `${how}: ${last}`;
}

/**
 * Runs a Node script that writes JSON lines on file descriptor 3, until it ends or `deadline` (a time in ms) is over.
 * @param {string} script its path from the root
 * @param {string[]} args
 * @param {{ deadline: number, onLine: (line: any, kill: () => void) => void }} options
 * @returns {Promise<Ended>}
 */
export function runNode(script, args, { deadline, onLine }) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--no-warnings', script, ...args], {
      cwd: root,
      stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
      // A group of its own: its Pythons go with it.
      detached: true,
    });
    const ended = { code: null, signal: null, stderr: '', killed: false };
    const kill = () => {
      ended.killed = true;
      killGroup(child.pid);
    };
    const timer = setTimeout(kill, Math.max(0, deadline - Date.now()));
    groups.add(child.pid);
    child.stderr.setEncoding('utf8').on('data', (chunk) => {
      ended.stderr = (ended.stderr + chunk).slice(-TAIL);
    });
    createInterface({ input: child.stdio[3] }).on('line', (line) => onLine(JSON.parse(line), kill));
    child.on('error', (error) => {
      ended.stderr += error.message;
    });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      groups.delete(child.pid);
      // What the child started shall not stay behind.
      killGroup(child.pid);
      resolve({ ...ended, code, signal });
    });
  });
}

/** Groups that live. @type {Set<number>} */
const groups = new Set();

function killGroup(pid) {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It is over already.
  }
}

/** Ends all children: for a supervisor that is told to go. */
export function endAll() {
  for (const pid of groups) killGroup(pid);
}
