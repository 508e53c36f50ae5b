/** How a latent code comes to an image. */
import { cat, type Tensor } from 'isotorch';

/** x B×C×H×W with a code z B×nz behind its channels, each number as an even image: B×(C+nz)×H×W. */
export function with_code(x: Tensor, z: Tensor): Tensor {
  const tiled = z.view(z.size(0), z.size(1), 1, 1).expand(z.size(0), z.size(1), x.size(2), x.size(3));
  return cat([x, tiled], 1);
}
