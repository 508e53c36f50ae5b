/** Archives of `tar`. The library is an ES module, which this package's CommonJS imports when it is needed. */

/** The library. */
export const tar = () => import('modern-tar/fs');

type Library = Awaited<ReturnType<typeof tar>>;

/** What goes into an archive: a file, a folder, or a text under a name. */
export type TarSource = Exclude<Parameters<Library['packTar']>[0], string>[number];
