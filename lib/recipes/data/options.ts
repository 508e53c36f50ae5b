/** Options about data, for recipes to take into their tables; without libtorch, so that help comes at once. */
import { choice, flag, path, whole } from '../../train/options';

/** Which data: every recipe's. `data` is empty where there is no default, which `openForRecipe` refuses with what to do. */
export function dataOptions({ data = '', image_size = 0 }: { data?: string; image_size?: number } = {}) {
  return {
    data: path(data, {
      takes: 'a folder, or mnist',
      words: ['mnist'],
      about: 'data to train on; isotorch data makes and checks them',
    }),
    image_size: whole(image_size, { most: 4096, about: 'height and width of images; 0 is that of the files' }),
    limit: whole(0, { about: 'samples to train on, spread over all; 0 is all' }),
    memory: whole(512, {
      most: 2 ** 20,
      about: 'megabytes of images to keep decoded; larger sets are decoded when asked for, by --workers',
    }),
    enlarge: flag(false, { about: 'take images that are smaller than image_size' }),
  };
}

/** Grey or colour. */
export const channelsOption = (fallback: 1 | 3) => choice([1, 3], fallback, { about: 'channels: 1 is grey, 3 colour' });

/** Which side of a pair is given. */
export const directionOption = choice(['AtoB', 'BtoA'], 'AtoB', {
  about: 'which side of a pair is translated into which',
});
