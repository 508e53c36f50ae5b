/** `torch.random`: the default generators, and the streams of Python and NumPy. */
export {
  type ForkOptions,
  fork_rng,
  get_rng_state,
  initial_seed,
  manual_seed,
  seed,
  set_rng_state,
  thread_safe_generator,
} from './default_generators';
export { default_generator, Generator } from './generator';
export * as numpy from './numpy';
export { default_rng, RandomState } from './numpy';
export * as python from './python';
export { Random } from './python';
