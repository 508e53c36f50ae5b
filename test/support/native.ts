/** The layers below the public API, for tests that look at raw bytes, handles and errors of the bridge itself. */
export { native } from '../../dist/torch/inside.js';
export { handleOf } from '../../dist/torch/inside.js';
export { bytesOf } from '../../dist/torch/inside.js';
