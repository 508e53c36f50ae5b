/** Comparison with a tolerance, for fixtures only. */
import { elements, type Leaf } from './bits';
import { tolerances } from './tolerances';

/** Fails, naming the first element that is too far off. A NaN equals a NaN. */
export function expectClose(path: string, ours: Leaf | undefined, theirs: Leaf): void {
  if (ours?.kind !== 'tensor' || theirs.kind !== 'tensor') {
    throw new Error(`${path}: expected a tensor, got ${ours?.kind ?? 'nothing'}`);
  }
  if (ours.dtype !== theirs.dtype || ours.shape.join() !== theirs.shape.join()) {
    throw new Error(`${path}: got ${ours.dtype} [${ours.shape}], expected ${theirs.dtype} [${theirs.shape}]`);
  }
  const tolerance = tolerances[ours.dtype];
  if (tolerance === undefined) throw new Error(`no tolerance for ${ours.dtype} in test/support/tolerances.ts`);
  const [a, b] = [elements(ours), elements(theirs)];
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [Number(a[i]), Number(b[i])];
    if (Object.is(x, y) || Math.abs(x - y) <= tolerance.absolute + tolerance.relative * Math.abs(y)) continue;
    throw new Error(`${path}: element ${i} is ${x}, expected ${y}`);
  }
}
