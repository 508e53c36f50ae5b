/** Penalties: pure functions of a network, or of its logits, and of its images. */
export * from './consistency';
export * from './gradient_penalty';
export {
  type Critic,
  gradient_norms,
  input_gradient,
  type PenaltyOptions,
  squared_gradient_norms,
} from './input_gradients';
export * from './lecam';
export * from './path_length';
export * from './penalised_losses';
export * from './r1';
