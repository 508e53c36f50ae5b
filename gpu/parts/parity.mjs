// The foundation's parity set: the files of test/parity/ on the device, beside Python on the same one.
import { PARITY } from '../suites.mjs';
import { runSuite } from './suite.mjs';

/** @param {import('../run.mjs').Context} context */
export const run = (context) => runSuite(context, context.small ? PARITY.slice(-1) : PARITY);
