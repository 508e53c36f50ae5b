/**
 * The original's augmentation for D: DiffAugment of a whole batch or not at all, by Python's `random`.
 */
import { flip, random, type Tensor } from 'isotorch';
import { type DiffAugmentation, diff_augment, diff_augmentations } from '../../gan';
import { OptionError, suggestion } from '../../train';

/** Names from a text, separated by commas. @throws OptionError for one that there is not */
export function augmentationsNamed(names: string): readonly DiffAugmentation[] {
  return names.split(',').map((part) => {
    const name = part.trim();
    const found = diff_augmentations.find((known) => known === name);
    if (found !== undefined) return found;
    throw new OptionError(
      `option aug_types: there is no augmentation '${name}'.${suggestion(name, diff_augmentations)} ` +
        `It takes ${diff_augmentations.join(', ')}.`,
    );
  });
}

/** How D's images are augmented. */
export interface Augmenting {
  readonly prob: number;
  readonly types: readonly DiffAugmentation[];
}

/** With probability `prob` all images of a batch mirrored (every other time) and augmented; else as they are. */
export function augmented(images: Tensor, { prob, types }: Augmenting): Tensor {
  if (random.python.random() >= prob) return images;
  const mirrored = random.python.random() <= 0.5 ? flip(images, [3]) : images;
  return diff_augment(mirrored, types);
}
