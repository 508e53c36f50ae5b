// The reference: the Python whose torch is the libtorch that isotorch is built against. Tests, parity, bench and compat all
// find it, start it, talk to it and compare its errors by this door.
export { decode } from './codec.mjs';
export { determine, device, generatorState, onGpu, settle } from './device.mjs';
export { className } from './errors.mjs';
export { findReference, root, scriptOf } from './find.mjs';
export { LineProcess, pythonEnvironment, runScript, SLEEPING } from './processes.mjs';
export { connect, startSnippetServer } from './snippet_server.mjs';
/** @typedef {import('./snippet_server.mjs').Answer} Answer */
/** @typedef {import('./snippet_server.mjs').Question} Question */
/** @typedef {import('./codec.mjs').Leaf} Leaf */
/** @typedef {import('./codec.mjs').Leaves} Leaves */
/** @typedef {import('./find.mjs').Reference} Reference */
