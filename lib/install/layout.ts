/** Which files of a package isotorch needs, and where they go in an entry of the cache. */

/** A file of a package, and its place. */
export interface Placed {
  /** Name in the package, with `/` between its parts. */
  from: string;
  /** Path in the entry. */
  to: string;
}

/**
 * Libraries that only Python, PyTorch's tests or other programs load: the rest comes in. `libcusolverMg` is for several GPUs at
 * once, `.alt.` another build of the compiler beside it.
 */
const SURPLUS =
  /^lib(torch_python|shm|torch_global_deps|aoti_custom_ops|backend_with_compiler|jitbackend_test|torchbind_test|cusolverMg)\.|\.alt\.|test/;

const LIBRARY = /\.(so|dylib)(\.\d+)*$/;

/**
 * Rules in turn; the first that fits counts. All libraries come into one folder, as in PyTorch's own archive for C++: the last
 * place where each of them looks for its neighbours is its own folder.
 */
const RULES: readonly { pattern: RegExp; to: (match: RegExpExecArray) => string; headers?: true }[] = [
  { pattern: /^(?:torch\/lib|torch\.libs|libtorch\/lib|nvidia\/.+\/lib)\/([^/]+)$/, to: ([, file]) => `lib/${file}` },
  { pattern: /^(?:torch|libtorch)\/(version\.py|build-version|build-hash)$/, to: ([, file]) => file! },
  { pattern: /^(?:torch|libtorch)\/((?:include|share\/cmake)\/.+)$/, to: ([, file]) => file!, headers: true },
  {
    pattern: /^([^/]+)\.dist-info\/(?:licenses\/)?((?:license|notice)[^/]*)$/i,
    to: ([, name, file]) => `licenses/${name}/${file}`,
  },
];

/** The place of a package's file; undefined for one that is not needed. */
function placeOf(name: string, headers: boolean): string | undefined {
  for (const { pattern, to, headers: ofHeaders } of RULES) {
    const match = pattern.exec(name);
    if (match === null) continue;
    if (ofHeaders && !headers) return undefined;
    const place = to(match);
    const file = place.slice(place.lastIndexOf('/') + 1);
    return place.startsWith('lib/') && (!LIBRARY.test(file) || SURPLUS.test(file)) ? undefined : place;
  }
  return undefined;
}

/** The files that are needed of a package with these ones, in its order. */
export function layout(names: Iterable<string>, headers: boolean): Placed[] {
  return [...names].flatMap((from) => {
    const to = placeOf(from, headers);
    return to === undefined ? [] : [{ from, to }];
  });
}
