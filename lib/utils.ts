/** `torch.utils`. */
export { deterministic } from './backends/determinism';
