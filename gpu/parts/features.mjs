// What only a GPU has: the files of test/cuda/, each test one feature.
import { FEATURES } from '../suites.mjs';
import { runSuite } from './suite.mjs';

/** @param {import('../run.mjs').Context} context */
export const run = (context) => runSuite({ ...context, jobs: 1 }, FEATURES);
