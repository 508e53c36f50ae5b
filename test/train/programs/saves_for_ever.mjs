// Saves a training checkpoint again and again until somebody kills it. Every tensor of one checkpoint has its number.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const torch = require('../../../dist/index.js');
const { saveTraining } = require('../../../dist/train/index.js');

const path = process.argv[2];
const state = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`w${i}`, torch.zeros(50_000)]));
const net = { state_dict: () => state, load_state_dict() {} };
for (let step = 0; ; step++) {
  for (const each of Object.values(state)) each.fill_(step);
  saveTraining(path, { net }, { step });
  if (step === 0) console.log('saved');
}
