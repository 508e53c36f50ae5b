/** Fonts: where they are, and which characters they have. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { DataError } from '../../sets';
import { charactersOf } from './cmap';

/** A font that glyphs are written with. */
export interface Font {
  /** The style's name, which is its folder's. */
  readonly name: string;
  readonly file: string;
  /** Numbers of the characters that it has. */
  readonly characters: ReadonlySet<number>;
}

/** Google's fonts as npm packages. */
const SCOPE = '@expo-google-fonts';
/** The style that is translated from. */
export const defaultSource = 'noto-sans-sc';
/** The styles that are translated to. */
export const defaultStyles = ['ma-shan-zheng', 'zcool-xiaowei', 'zcool-kuaile', 'zhi-mang-xing', 'liu-jian-mao-cao'];

/** Font files of a package, the regular weight first. */
function filesIn(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /\.(ttf|otf)$/i.test(name));
  const rank = (name: string): number => (/400Regular\.\w+$/.test(name) ? 0 : 1);
  return names.sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1)).map((name) => join(folder, name));
}

/** The package's folder, seen from the user's project or from this package; undefined where there is none. */
function packageFolder(name: string): string | undefined {
  try {
    return dirname(require.resolve(`${SCOPE}/${name}/package.json`, { paths: [process.cwd(), __dirname] }));
  } catch {
    return undefined;
  }
}

/** The packages that are missing among the named ones. */
export function missingPackages(names: readonly string[]): string[] {
  return names.filter((name) => !isFile(name) && packageFolder(name) === undefined).map((name) => `${SCOPE}/${name}`);
}

/** Names of fonts are packages' of Google's fonts; paths are files. */
const isFile = (name: string): boolean => /\.(ttf|otf|ttc)$/i.test(name) || name.includes('/');

function fileOf(name: string): string {
  if (isFile(name)) return resolve(name);
  const folder = packageFolder(name);
  if (folder === undefined) throw new DataError(`the font ${name} is missing: npm install ${SCOPE}/${name}`);
  const [file] = filesIn(folder);
  if (file === undefined) throw new DataError(`the package ${SCOPE}/${name} holds no font`);
  return file;
}

/**
 * Finds a font by the name of its package, without `@expo-google-fonts/`, or by its file, and reads which characters it has.
 *
 * @throws DataError naming the font, and for a package what installs it
 */
export function findFont(name: string): Font {
  const file = fileOf(name);
  if (!existsSync(file) || !statSync(file).isFile()) throw new DataError(`there is no font file ${file}`);
  try {
    const style = isFile(name) ? basename(file, extname(file)) : name;
    return { name: style, file, characters: charactersOf(readFileSync(file)) };
  } catch (cause) {
    throw new DataError(`${file} cannot be used as a font: ${(cause as Error).message}`, [], { cause });
  }
}
