// Resizing of uint8 images against Pillow: 200 random images, all filters, raw bytes.
import * as torch from 'isotorch';
import { transforms } from 'isotorch/data';
import type { Value } from '../support/bits';
import { type ParityCase, parity } from '../support/parity';

const { resize } = transforms.functional;
const FILTERS = ['nearest', 'box', 'bilinear', 'hamming', 'bicubic', 'lanczos', 'mks2013', 'mks2021'] as const;

/** A side from 1 to 90, and what it becomes: the same, where `kept`. */
const side = (): number => 1 + (torch.randint(0, 90, [1]).item() as number);

/** 25 images of random sizes, grey and coloured, some of which keep their width or height. */
const batch = (first: number): ParityCase => ({
  name: `images ${first} to ${first + 24}`,
  python: `from PIL import Image
def side(): return 1 + torch.randint(0, 90, (1,)).item()
torch.manual_seed(${first})
made = []
for i in range(${first}, ${first + 25}):
    h, w, height, width = side(), side(), side(), side()
    if i % 5 == 0: width = w
    if i % 7 == 0: height = h
    if i % 3 == 0: h, height = h * 5, max(1, height // 5)
    image = torch.randint(0, 256, (h, w, 3), dtype=torch.uint8).numpy()
    image = Image.fromarray(image if i % 2 else image[..., 0])
    for name in "${FILTERS.join(' ')}".split():
        resized = image.resize((width, height), getattr(Image.Resampling, name.upper()))
        made.append(torch.frombuffer(bytearray(resized.tobytes()), dtype=torch.uint8))
return made`,
  ours: (): Value => {
    torch.manual_seed(first);
    return Array.from({ length: 25 }, (_, n) => first + n).flatMap((i) => {
      let [h, w, height, width] = [side(), side(), side(), side()] as const as [number, number, number, number];
      if (i % 5 === 0) width = w;
      if (i % 7 === 0) height = h;
      if (i % 3 === 0) [h, height] = [h * 5, Math.max(1, Math.floor(height / 5))];
      const pixels = torch.randint(0, 256, [h, w, 3], { dtype: torch.uint8 });
      const image = (i % 2 ? pixels : pixels.narrow(2, 0, 1)).permute(2, 0, 1);
      return FILTERS.map((filter) => resize(image, [height, width], filter).permute(1, 2, 0).reshape([-1]));
    });
  },
});

parity('resizing as Pillow', [0, 25, 50, 75, 100, 125, 150, 175].map(batch), { threads: [1] });
