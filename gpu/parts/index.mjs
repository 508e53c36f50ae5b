// The parts in the order in which they run: first what matters most, last what may be cut short anywhere.
import * as bench from './bench.mjs';
import * as features from './features.mjs';
import * as memory from './memory.mjs';
import * as op_db from './op_db.mjs';
import * as parity from './parity.mjs';

/** @type {Record<string, { run: (context: import('../run.mjs').Context) => Promise<boolean> }>} */
export const PARTS = { parity, features, bench, memory, op_db };

/** Seconds of 480 that a part may take; what it leaves, those behind it have. */
export const SHARES = { parity: 110, features: 60, bench: 110, memory: 40, op_db: 150 };
