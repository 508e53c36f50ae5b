/** The layers below the public API, for tests that look at raw bytes, handles and errors of the bridge itself. */
export { native } from '../../dist/native.js';
export { handleOf } from '../../dist/tensor/handle.js';
export { bytesOf } from '../../dist/tensor/elements.js';
