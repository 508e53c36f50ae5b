/** Walks down a tree of modules, which end where a module contains itself. */
import { TorchError } from '../../native';
import { membersOf } from './members';

/** Deeper than networks nest, and less than the stack holds. Looking for a circle there costs the others nothing. */
const DEEP = 256;
let depth = 0;

/** Path from a module to one that contains it. */
function circle(module: object, path: readonly object[], names: readonly string[]): string | undefined {
  if (path.includes(module)) return names.join('.');
  for (const [name, child] of membersOf(module).entries('module')) {
    if (child === null) continue;
    const found = circle(child as object, [...path, module], [...names, name]);
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * Calls `visit` for each child.
 *
 * @throws TorchError, naming the way round, where the modules form a circle
 */
export function eachBelow<T>(module: object, children: readonly T[], visit: (child: T) => void): void {
  depth++;
  try {
    if (depth % DEEP === 0) {
      const found = circle(module, [], []);
      if (found !== undefined) {
        throw new TorchError(
          `maximum recursion depth exceeded: ${module.constructor.name} contains itself, as '${found}'`,
        );
      }
    }
    for (const child of children) visit(child);
  } finally {
    depth--;
  }
}
