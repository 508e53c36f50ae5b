// A training step that a CUDA graph replays. isotorch/train is loaded only where it is needed: no other case shall pay for it.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** The step as one graph; see `capturedStep`. */
export const captured = (step) => require('isotorch/train').capturedStep(step);
