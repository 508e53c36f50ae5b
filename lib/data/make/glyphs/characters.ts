/** Which characters are written. */
import { random } from 'isotorch';
import { DataError } from '../../sets';

/** The 3,755 most used Chinese characters, in their standard's order: level 1 of GB 2312. */
export function commonCharacters(): string[] {
  const decoder = new TextDecoder('gbk');
  const found: string[] = [];
  for (let row = 0xb0; row <= 0xd7; row++) {
    const last = row === 0xd7 ? 0xf9 : 0xfe;
    for (let cell = 0xa1; cell <= last; cell++) found.push(decoder.decode(Uint8Array.of(row, cell)));
  }
  return found;
}

/** The different characters of a text, without blanks. */
export function charactersOfText(text: string): string[] {
  return [...new Set(text)].filter((character) => /\S/u.test(character));
}

/** Characters to train with, and others that training does not see. */
export interface Chosen {
  readonly train: readonly string[];
  readonly unseen: readonly string[];
}

/**
 * Draws characters with Python's `random.Random(seed).sample(candidates, count + unseen)`.
 *
 * @throws DataError where there are not so many
 */
export function choose(candidates: readonly string[], count: number, unseen: number, seed: number): Chosen {
  if (candidates.length < count + unseen) {
    throw new DataError(
      `${count} characters and ${unseen} unseen ones are asked for, but there are only ${candidates.length} that can be written`,
    );
  }
  const drawn = new random.Random(seed).sample(candidates, count + unseen);
  return { train: drawn.slice(0, count), unseen: drawn.slice(count) };
}
