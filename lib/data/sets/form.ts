/** From a file to the bytes of a sample: decoded, halved, grey or in colour, square. */
import { scope, type Tensor } from 'isotorch';
import { center_crop, resize, split_pair } from '../transforms/geometry';
import { rgb_to_grayscale } from '../transforms/colour';
import { normalize, to_tensor } from '../transforms/values';
import { imageOf, readPixels } from '../images/decode';
import type { Pixels } from '../images/pixels';
import type { Channels, Fit } from './description';
import type { SampleFiles } from './layout';

/** What all images of a set become. */
export interface Form {
  readonly size: number;
  readonly channels: Channels;
  readonly fit: Fit;
  /** Whether B comes before A. */
  readonly swapped: boolean;
}

/**
 * An image as channels × size × size bytes: Pillow's `convert('L')` where it is to be grey, then torchvision's
 * `Resize(size)` and `CenterCrop(size)`, or for `stretch` `Resize((size, size), BICUBIC)` as pix2pix has it.
 */
function formed(image: Tensor, { size, channels, fit }: Form): Tensor {
  const coloured = channels === 1 ? rgb_to_grayscale(image) : image;
  if (fit === 'stretch') return resize(coloured, [size, size], 'bicubic');
  return center_crop(resize(coloured, size), size);
}

/** Pixels of a sample's files, decoded in threads of the image library. @throws ImageFileError */
export const decodeSample = ({ files }: SampleFiles, { channels }: Form): Promise<Pixels[]> =>
  Promise.all(files.map((file) => readPixels(file, channels === 4 ? 'RGBA' : 'RGB')));

/** The images of a sample, of its files' pixels. */
export function formSample({ halves }: SampleFiles, pixels: readonly Pixels[], form: Form): Tensor[] {
  const parts = pixels.flatMap((each) => {
    using image = imageOf(each);
    return scope(() => (halves ? split_pair(image) : [image]).map((one) => formed(one, form).clone()));
  });
  return form.swapped ? parts.reverse() : parts;
}

/** The images of a sample. @throws ImageFileError */
export async function readSample(sample: SampleFiles, form: Form): Promise<Tensor[]> {
  return formSample(sample, await decodeSample(sample, form), form);
}

/** torchvision's `ToTensor`, and for [−1, 1] `Normalize(0.5, 0.5)`, of one image or many. */
export function valuesOf(bytes: Tensor, low: -1 | 0): Tensor {
  if (bytes.ndim > 3) {
    const flat = bytes.reshape([-1, ...bytes.shape.slice(-2)]);
    return valuesOf(flat, low).view(...bytes.shape);
  }
  const values = to_tensor(bytes);
  return low === 0 ? values : normalize(values, [0.5], [0.5], true);
}
