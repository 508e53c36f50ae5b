/** `torch.utils`. */
export { deterministic } from '../backends/inside';
export * as data from './data';
