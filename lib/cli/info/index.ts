/** What is in a run folder or a file of tensors. */
export { fileInfo } from './file';
export { runInfo } from './run';
export { fileText, runText } from './text';
