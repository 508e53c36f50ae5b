/** Slots of a graph's values, and when each tensor among them is used for the last time. */
import { Fault } from '../file/fault';

/** Never freed by the graph: it belongs to somebody else, or is no tensor. */
const KEPT = -1;

/** Names to slots, while a graph is compiled. */
export class Slots {
  readonly #slots = new Map<string, number>();
  /** Step that uses the slot last, by slot; `KEPT` for what no step frees. */
  readonly #last: number[] = [];

  get size(): number {
    return this.#last.length;
  }

  /** A new slot whose tensor the graph owns from `step` on, unless it is `borrowed`. */
  add(name: string, step: number, borrowed = false): number {
    if (this.#slots.has(name)) throw new Fault(`the name '${name}' is given twice`);
    const slot = this.#last.push(borrowed ? KEPT : step) - 1;
    this.#slots.set(name, slot);
    return slot;
  }

  /** One more name of a slot. */
  alias(name: string, slot: number): void {
    if (this.#slots.has(name)) throw new Fault(`the name '${name}' is given twice`);
    this.#slots.set(name, slot);
  }

  /** The slot of a name that `step` reads. */
  use(name: string, step: number): number {
    const slot = this.#slots.get(name);
    if (slot === undefined) throw new Fault(`the name '${name}' is used before it is made`);
    if (this.#last[slot] !== KEPT) this.#last[slot] = step;
    return slot;
  }

  /** Whether the name is given. */
  has(name: string): boolean {
    return this.#slots.has(name);
  }

  /** Whether the graph owns the slot's tensor. */
  owns(slot: number): boolean {
    return this.#last[slot] !== KEPT;
  }

  /** Slots that are free after each step. */
  frees(steps: number): number[][] {
    const frees: number[][] = Array.from({ length: steps }, () => []);
    for (const [slot, step] of this.#last.entries()) frees[step]?.push(slot);
    return frees;
  }
}
