/** An animated picture of PNG files, by the optional package sharp. */
import { writeAtomically } from 'isotorch/serialization';

type Format = 'gif' | 'webp';

/** Says what is missing. */
export class AnimationUnavailable extends Error {
  override name = 'AnimationUnavailable';
}

async function loadSharp(): Promise<typeof import('sharp')> {
  try {
    return (await import('sharp')).default;
  } catch (cause) {
    throw new AnimationUnavailable('no animated picture: the package sharp makes it ("npm install sharp" brings it)', {
      cause,
    });
  }
}

/** Writes `frames`, all of one size, as an animated picture that repeats. @throws AnimationUnavailable without sharp */
export async function animate(frames: readonly string[], path: string, fps: number, format: Format): Promise<void> {
  const sharp = await loadSharp();
  const delay = frames.map(() => Math.round(1000 / fps));
  // lucidrains puts what is transparent on white.
  const joined = sharp([...frames], { join: { animated: true } }).flatten({ background: '#ffffff' });
  const animated = format === 'gif' ? joined.gif({ delay, loop: 0 }) : joined.webp({ delay, loop: 0, lossless: true });
  writeAtomically(path, [await animated.toBuffer()]);
}
