import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { root, scriptOf } from './find.mjs';
import { Lines } from './lines.mjs';
import { LineProcess, pythonEnvironment, SLEEPING } from './processes.mjs';

/**
 * A snippet to run: the body of a Python function; see python/snippets.py.
 * @typedef {object} Question
 * @property {string} code
 * @property {number} [seed]
 * @property {number} [threads]
 * @property {Record<string, { dtype: string, shape: readonly number[], data: string }>} [inputs]
 */

/**
 * What a snippet returned, encoded, and the state of Python's generator; or what it raised.
 * @typedef {object} Answer
 * @property {unknown} [out]
 * @property {unknown} [generator]
 * @property {{ type: string, message: string, trace: string }} [error]
 */

/**
 * A Python process that runs snippets, and keeps its state between them.
 * @typedef {object} Snippets
 * @property {(question: Question) => Promise<Answer>} ask
 * @property {() => void} stop
 */

/** Python files whose names snippets may use. @typedef {{ folder: string, modules: string[] }} Offer */

/** @param {string} socket @param {Offer} offer */
const server = (socket, { folder, modules }) =>
  scriptOf('reference/python/snippet_server.py', socket, path.resolve(root, folder), ...modules);

/** Whether a process that has imported torch may be forked: on macOS its libraries do not bear that. */
const CAN_FORK = process.platform === 'linux';

/**
 * Starts the one Python process that others are forked from.
 * @param {Offer} offer
 * @returns {Promise<{ socket: string | undefined, stop: () => Promise<void> }>} socket: for `connect`
 */
export async function startSnippetServer(offer) {
  if (!CAN_FORK) return { socket: undefined, stop: async () => {} };
  const folder = mkdtempSync(path.join(tmpdir(), 'isotorch-python-'));
  const socket = path.join(folder, 'socket');
  const { command, args } = server(socket, offer);
  const child = spawn(command, args, {
    cwd: root,
    env: { ...pythonEnvironment(), ...SLEEPING },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const closed = new Promise((resolve) => child.once('close', resolve));
  const stop = async () => {
    child.stdin.end();
    await closed;
    rmSync(folder, { recursive: true, force: true });
  };
  await Promise.race([new Promise((resolve) => child.stdout.once('data', resolve)), closed]);
  return { socket, stop };
}

/** What a process said at its end. @param {string | undefined} log */
function lastWords(log) {
  try {
    return readFileSync(log ?? '', 'utf8').slice(-4000);
  } catch {
    return '';
  }
}

/**
 * A fresh Python process of one's own, forked by the server at `socket`, or started where there is none.
 * @param {string | undefined} socket
 * @param {Offer} offer for a process that is started
 * @returns {Snippets}
 */
export function connect(socket, offer) {
  if (socket === undefined) return new LineProcess({ ...server('-', offer), name: 'Python', env: SLEEPING });
  const connection = createConnection(socket);
  const lines = new Lines(connection, connection);
  let log = '';
  lines.facts.then(
    (facts) => {
      log = facts.log;
    },
    () => {},
  );
  connection.on('error', () => {});
  connection.on('close', () => lines.end(new Error(`Python ended:\n${lastWords(log)}`)));
  return { ask: (question) => lines.ask(question), stop: () => lines.close() };
}
