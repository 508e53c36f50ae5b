/** Made-up folders of libtorch and of packages of isotorch: the loader looks at files, and these have what it looks for. */
import path from 'node:path';

/** A library's file, as far as its header is looked at: 64-bit ELF without segments. */
export const LIBRARY = `\x7fELF\x02\x01${'\0'.repeat(58)}`;

/** An addon's file, as far as it is looked at. */
export const addonFor = (version: string): string => `…isotorch addon for libtorch ${version}\0…`;

/** Libraries of libtorch, under a folder. */
export function libraries(at: string, cuda = false): Record<string, string> {
  const names = ['c10', 'torch_cpu', ...(cuda ? ['c10_cuda', 'torch_cuda'] : [])];
  return Object.fromEntries(names.map((name) => [path.join(at, `lib/lib${name}.so`), LIBRARY]));
}

/** Python's torch, under a folder. */
export function pythonTorch(at: string, version: string): Record<string, string> {
  const tag = /\+cu(\d\d)(\d)/.exec(version);
  const cuda = tag ? `'${tag[1]}.${tag[2]}'` : 'None';
  const text = `from typing import Optional\n\n__version__ = '${version}'\ncuda: Optional[str] = ${cuda}\n`;
  return { [path.join(at, 'version.py')]: text, ...libraries(at, tag !== null) };
}

/** An entry of the cache, whole. */
export function cacheEntry(cache: string, version: string): Record<string, string> {
  const at = path.join(cache, `libtorch-${version}`);
  const manifest = { version, cuda: null, from: 'test', sha256: null, installed: '2026-01-01' };
  return { [path.join(at, 'isotorch-libtorch.json')]: JSON.stringify(manifest), ...libraries(at) };
}

/** The package's addons for the given minors. */
export function prebuilt(...minors: string[]): Record<string, string> {
  const at = `package/prebuilds/${process.platform}-${process.arch}`;
  return Object.fromEntries(minors.map((minor) => [`${at}/isotorch.libtorch${minor}.node`, addonFor(`${minor}.0`)]));
}
