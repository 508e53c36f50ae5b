// The package under test, and the layer below it that gives raw bytes.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

export const torch = require('../../dist/index.js');
export const { native } = require('../../dist/torch/inside.js');
export const { handleOf, isTensor } = require('../../dist/torch/inside.js');
export const { implementationOf } = require('../../dist/torch/inside.js');
export const { wrap } = require('../../dist/torch/inside.js');
