/** The storages of a file, each read once (Python: `loaded_storages`). */
import type { Dtype } from '../../core';
import type { Tensor } from '../../memory';
import type { Restore } from './location';
import { StorageRef } from './storages';

/** Storages of one file, by key. The scope around loading frees what its result does not hold. */
export class LoadedStorages {
  readonly #storages = new Map<string, StorageRef>();
  readonly #restore: Restore;
  readonly #place: (device: string) => string;

  constructor(restore: Restore, place: (device: string) => string) {
    this.#restore = restore;
    this.#place = place;
  }

  /** The device for a tensor that was at this one. */
  place(device: string): string {
    return this.#place(device);
  }

  /** The storage of this key, of which `read` makes the bytes where it is met first. */
  storage(key: string, location: string, typed: Dtype | undefined, read: () => Tensor): StorageRef {
    const known = this.#storages.get(key);
    if (known !== undefined) return known.typed === typed ? known : new StorageRef(typed, known.bytes, known.size);
    const own = read();
    const made = new StorageRef(typed, this.#restore(own, location), own.numel());
    this.#storages.set(key, made);
    return made;
  }
}
