/** The layers below the public API, for tests that look at raw bytes, handles and errors of the bridge itself. */
export { native } from '../../dist/torch/native/index.js';
export { handleOf } from '../../dist/torch/memory/handle.js';
export { bytesOf } from '../../dist/torch/tensor/creation/elements.js';
