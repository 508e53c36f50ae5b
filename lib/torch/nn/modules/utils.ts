/** `torch.nn.modules.utils`. */
import { pythonFunction } from '../../call';
import type { LocalMetadata } from '../module/state_hooks';
import type { StateDict } from '../module/state_dict';

/** Gives names that begin with `prefix` the rest as their name; they go to the end. */
function strip<T>(entries: Record<string, T>, prefix: string, has: (name: string) => boolean): void {
  for (const name of Object.keys(entries)) {
    if (!has(name)) continue;
    const value = entries[name] as T;
    delete entries[name];
    entries[name.slice(prefix.length)] = value;
  }
}

/**
 * Takes a prefix off the names of a state dict, in place: `module.` is what `DistributedDataParallel` puts before them.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.modules.utils.consume_prefix_in_state_dict_if_present.html
 */
export const consume_prefix_in_state_dict_if_present = pythonFunction(
  'consume_prefix_in_state_dict_if_present',
  ['state_dict{}', 'prefix'],
  (state_dict: StateDict, prefix: string): void => {
    strip(state_dict, prefix, (name) => name.startsWith(prefix));
    const { _metadata } = state_dict as { _metadata?: Record<string, LocalMetadata> };
    if (_metadata === undefined) return;
    const own = prefix.replaceAll('.', '');
    strip(_metadata, prefix, (name) => name !== '' && (name === own || name.startsWith(prefix)));
  },
);
