/** Numbers of libtorch's threads. */
import { native } from '../native';
import { checkCount } from './checks';
import { cFunction } from '../call';

/** Number of threads that one operation on the CPU may use. */
export const get_num_threads = cFunction('torch.get_num_threads', (): number => {
  return native.get_num_threads();
});

/** Sets how many threads one operation on the CPU may use. Other counts may give other bits. */
export const set_num_threads = cFunction('torch.set_num_threads', (count: number): void => {
  checkCount('set_num_threads', count);
  native.set_num_threads(count);
});

/** Number of operations that may run side by side. */
export const get_num_interop_threads = cFunction('torch.get_num_interop_threads', (): number => {
  return native.get_num_interop_threads();
});

/** Sets how many operations may run side by side; once, before any does. */
export const set_num_interop_threads = cFunction('torch.set_num_interop_threads', (count: number): void => {
  checkCount('set_num_interop_threads', count);
  native.set_num_interop_threads(count);
});
