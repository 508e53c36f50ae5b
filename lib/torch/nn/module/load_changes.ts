/** What a load would change, put off until it is known that it succeeds. */
import { no_grad } from '../../autograd';
import { strided } from '../../core';
import { revealed, type Tensor } from '../../memory';

/** One change of a module. */
export interface Change {
  /** Whether it cannot fail. */
  readonly certain: boolean;
  apply(): void;
  /** Takes what is needed to undo it, and returns how. */
  remember(): () => void;
  /** Told what `apply` threw; may throw it. */
  failed(error: unknown): void;
}

const isPlain = (tensor: Tensor): boolean =>
  tensor.layout === strided && !tensor.is_quantized && tensor.device.type !== 'meta';

/** The elements of a tensor into another one of its shape. */
export function copying(target: Tensor, source: Tensor, failed: (error: unknown) => void): Change {
  const copy = (into: Tensor, from: Tensor) =>
    no_grad(() => revealed(from, () => revealed(into, () => into.copy_(from))));
  return {
    certain: isPlain(target) && isPlain(source),
    apply: () => copy(target, source),
    remember: () => {
      const before = no_grad(() => target.clone());
      return () => copy(target, before);
    },
    failed,
  };
}

/** Another value for a property of a module. */
export function assigning(module: object, name: string, make: () => unknown, failed: (error: unknown) => void): Change {
  const set = (value: unknown) => void Object.assign(module, { [name]: value });
  return {
    certain: false,
    apply: () => set(make()),
    remember: () => {
      const before = (module as Record<string, unknown>)[name];
      return () => set(before);
    },
    failed,
  };
}

/** The changes of one load. */
export class LoadChanges {
  readonly #pending: Change[] = [];
  readonly #undo: (() => void)[] = [];

  /** With `atOnce` changes are made when they are found, because hooks may look, and can all be undone. */
  constructor(private readonly atOnce: boolean) {}

  /** Makes a change, or puts it off. */
  add(change: Change): void {
    if (this.atOnce) this.#run(change, true);
    else this.#pending.push(change);
  }

  /** Makes what was put off. What may fail comes first, while everything can be undone. */
  run(): void {
    for (const change of this.#pending) if (!change.certain) this.#run(change, true);
  }

  /** Makes the rest, which cannot fail. */
  finish(): void {
    for (const change of this.#pending) if (change.certain) this.#run(change, false);
  }

  /** Undoes what was made. */
  undo(): void {
    for (const back of this.#undo.splice(0).reverse()) back();
  }

  #run(change: Change, remember: boolean): void {
    if (remember) this.#undo.push(change.remember());
    try {
      change.apply();
    } catch (error) {
      change.failed(error);
    }
  }
}
