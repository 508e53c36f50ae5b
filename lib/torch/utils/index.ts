/** `torch.utils`. */
export { deterministic } from '../backends/determinism';
export * as data from './data';
