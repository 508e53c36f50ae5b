/** `torch.utils`. */
export { deterministic } from '../backends/inside';
export * as checkpoint from './checkpoint';
export * as data from './data';
