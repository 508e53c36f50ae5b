/** The garbage collector, called when an allocator has no memory left: garbage may hold what it needs. */

let gc: (() => void) | undefined;

/** Collects all garbage now. */
export function collectGarbage(): void {
  if (gc === undefined) {
    process.getBuiltinModule('node:v8').setFlagsFromString('--expose-gc');
    gc = process.getBuiltinModule('node:vm').runInNewContext('gc') as () => void;
  }
  gc();
}
