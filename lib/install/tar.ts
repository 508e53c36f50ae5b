/** Archives of `tar`. The library is an ES module, which this package's CommonJS imports when it is needed. */
export type { TarSource } from 'modern-tar/fs' with { 'resolution-mode': 'import' };

/** The library. */
export const tar = () => import('modern-tar/fs');
